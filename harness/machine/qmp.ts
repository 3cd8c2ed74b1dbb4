import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { SprmatrixError } from '../base/error.js';

/** What of QEMU's monitor is used (QEMU's qapi/misc.json, run-state.json, migration.json). */
export type QmpCommand =
  | ('quit' | 'stop' | 'cont')
  | ('migrate-set-capabilities' | 'migrate' | 'migrate-incoming')
  | 'human-monitor-command';

/** What QEMU tells unasked, of which something is made here. */
export type QmpEvent = 'RESUME' | 'MIGRATION';

interface Answer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Waiter {
  readonly resolve: (answer: unknown) => void;
  /** `why` in QEMU's words. */
  readonly fail: (why: string) => void;
}

const CLOSED = 'closed by QEMU';

/**
 * The client's side of QMP (docs/interop/qmp-spec), which is one JSON object a line. Its
 * capabilities are negotiated with the first command.
 */
export class QmpMonitor {
  readonly #stream: Duplex;
  readonly #waiters = new Map<number, Waiter>();
  readonly #listeners = new Map<QmpEvent, ((data: Answer['data']) => void)[]>();
  #lastId = 0;
  #isClosed = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    // A broken pipe is an exit of QEMU, which its owner sees.
    stream.on('error', () => undefined);
    createInterface({ input: stream })
      .on('line', (line) => {
        this.#receive(line);
      })
      .on('error', () => undefined)
      .on('close', () => {
        this.#close();
      });
  }

  /** Sends a command of which nothing is waited for. */
  post(command: QmpCommand): void {
    this.#write(command, {}, ++this.#lastId);
  }

  /** Sends a command and returns QEMU's answer. Errors: `QMP_FAILED` with QEMU's words. */
  async execute(command: QmpCommand, args: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        const message = `QEMU's monitor: ${command}: ${why}`;
        reject(new SprmatrixError({ code: 'QMP_FAILED', message }));
      };
      if (this.#isClosed) {
        fail(CLOSED);
        return;
      }
      this.#waiters.set(id, { resolve, fail });
      this.#write(command, args, id);
    });
  }

  /** Calls `listener` with the data of each event of a name. */
  on(event: QmpEvent, listener: (data: Answer['data']) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  #write(command: QmpCommand, args: object, id: number): void {
    const negotiation = id === 1 ? '{"execute":"qmp_capabilities"}\n' : '';
    const text = JSON.stringify({ execute: command, arguments: args, id });
    this.#stream.write(`${negotiation}${text}\n`);
  }

  #receive(line: string): void {
    const answer = parseAnswer(line);
    if (answer?.event !== undefined) {
      for (const listener of this.#listeners.get(answer.event as QmpEvent) ?? []) {
        listener(answer.data);
      }
    }
    if (answer?.id === undefined) return;
    const waiter = this.#waiters.get(answer.id);
    this.#waiters.delete(answer.id);
    if (answer.error === undefined) waiter?.resolve(answer.return);
    else waiter?.fail(answer.error.desc);
  }

  #close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters.values()) waiter.fail(CLOSED);
    this.#waiters.clear();
  }
}

/** QEMU's own words are JSON; what else comes is none of it, and nobody waits for it. */
function parseAnswer(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
