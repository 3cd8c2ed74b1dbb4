import type { Duplex } from 'node:stream';
import type { WorkClock } from '../base/deadline.js';
import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import type { Frame } from './frame.js';
import { encodeFrame, FrameReader } from './frame.js';
import { decode, layoutSize } from './layouts.js';
import type { RequestName } from './protocol.js';
import { PROTOCOL_ANSWER, PROTOCOL_ERROR, RequestType } from './protocol.js';

export interface RequestOptions {
  /** Budget of this request; the default is `DEFAULT_BUDGET_MS`. */
  readonly budgetMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Longer than any honest answer takes. */
const DEFAULT_BUDGET_MS = 60_000;

interface Waiter {
  readonly request: RequestName;
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Requests and answers over a byte stream, matched by sequence number. Whoever owns the machine
 * calls `fail()` when it dies: every request that waits, and every later one, gets that error.
 */
export class AgentChannel {
  readonly #stream: Duplex;
  readonly #reader = new FrameReader();
  readonly clock: WorkClock | undefined;
  readonly #waiters = new Map<number, Waiter>();
  #nextSequence: number;
  #failure: Error | undefined;
  #lastEvent = 'channel opened';

  /** The agent's first frame, sent unasked when it is ready, is answered to sequence 0. */
  readonly hello: Promise<Buffer>;

  /**
   * Sequence numbers go from `firstSequence` to 0xffff and on from 1. `clock` is of who answers: budgets are
   * for its work.
   */
  constructor(
    stream: Duplex,
    { firstSequence = 1, clock }: { firstSequence?: number; clock?: WorkClock } = {},
  ) {
    this.#stream = stream;
    this.clock = clock;
    this.#nextSequence = firstSequence;
    this.hello = this.#answerTo(0, 'HELLO');
    // Whether anybody waits for hello or not, a machine that dies is reported by its owner.
    this.hello.catch(() => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    // A broken channel is a machine that died; its owner knows why and calls fail().
    stream.on('error', () => undefined);
  }

  /** What was last sent or received, for a deadline's message. */
  get lastEvent(): string {
    return this.#lastEvent;
  }

  /**
   * Sends a request and returns its answer's payload.
   * Errors: `AGENT_REFUSED` (with the guest's errno in the message), `DEADLINE`, `STARVED`, `ABORTED`, or what
   * `fail()` was given.
   */
  async request(
    request: RequestName,
    payload: Buffer,
    options: RequestOptions = {},
  ): Promise<Buffer> {
    if (this.#failure !== undefined) throw this.#failure;
    const sequence = this.#nextSequence;
    this.#nextSequence = sequence === 0xffff ? 1 : sequence + 1;
    const frame = encodeFrame({ type: RequestType[request], sequence, payload });
    const answer = this.#answerTo(sequence, request);
    this.#lastEvent = `sent ${request} (${payload.length} bytes)`;
    this.#stream.write(frame);
    try {
      return await withinDeadline(
        answer,
        { name: `agent request ${request}`, budgetMs: options.budgetMs ?? DEFAULT_BUDGET_MS },
        { signal: options.signal, lastEvent: () => this.#lastEvent, clock: this.clock },
      );
    } finally {
      this.#waiters.delete(sequence);
    }
  }

  /** Sends a request that has no answer. */
  send(request: RequestName): void {
    this.#stream.write(
      encodeFrame({ type: RequestType[request], sequence: 0, payload: Buffer.alloc(0) }),
    );
  }

  /** The channel is of no more use: rejects everything that waits. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const waiter of this.#waiters.values()) waiter.reject(this.#failure);
    this.#waiters.clear();
  }

  #answerTo(sequence: number, request: RequestName): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiters.set(sequence, { request, resolve, reject });
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      for (const frame of this.#reader.add(chunk)) this.#settle(frame);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #settle({ type, sequence, payload }: Frame): void {
    const waiter = this.#waiters.get(sequence);
    this.#lastEvent = `received type 0x${type.toString(16)} (${payload.length} bytes)`;
    if (type === PROTOCOL_ERROR) {
      const error = refusedError(waiter?.request, payload);
      if (waiter === undefined || sequence === 0) throw error;
      waiter.reject(error);
    } else if (waiter === undefined || type !== (RequestType[waiter.request] | PROTOCOL_ANSWER)) {
      throw new SprmatrixError({
        code: 'AGENT_PROTOCOL',
        message: `agent channel: answer of type 0x${type.toString(16)} to sequence ${sequence}, which ${waiter === undefined ? 'nobody waits for' : `asked ${waiter.request}`}`,
      });
    } else {
      waiter.resolve(payload);
    }
    this.#waiters.delete(sequence);
  }
}

function refusedError(request: RequestName | undefined, payload: Buffer): SprmatrixError {
  const head = layoutSize('error');
  const errno = payload.length >= head ? decode('error', payload).error : 0;
  const text = payload.subarray(head).toString('utf8');
  return new SprmatrixError({
    code: 'AGENT_REFUSED',
    message: `agent: ${request ?? 'unreadable request'}: ${text} (errno ${errno})`,
  });
}
