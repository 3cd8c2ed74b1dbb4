import { Duplex } from 'node:stream';
import {
  PROTOCOL_MAILBOX_ANSWERED,
  PROTOCOL_MAILBOX_ASKED,
  PROTOCOL_MAILBOX_HEARD,
  PROTOCOL_MAILBOX_OBEYED,
  PROTOCOL_MAILBOX_RING_SIZE,
  PROTOCOL_MAILBOX_TO_AGENT,
  PROTOCOL_MAILBOX_TO_HARNESS,
} from '../agent/protocol.js';
import { decode, encode, layoutSize } from '../agent/layouts.js';
import type { GuestMemory } from './guest-memory.js';

/** How long a bell that was not heard, or a full ring, is waited for. Milliseconds. */
const LOOK_MS = 10;

/**
 * The harness's end of the mailbox (fixtures/guest/protocol.h) as a stream of bytes. It takes and gives
 * nothing until it is opened. `ring` is to be called for each bell.
 */
export class Mailbox extends Duplex {
  #memory: GuestMemory | undefined;
  /** Bytes written to the agent and read from it so far, modulo 2^32. */
  #asked = 0;
  #heard = 0;
  #unsent: { bytes: Buffer; done: () => void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Goes on from the counts that stand in `memory`, be it of a machine that is yet to boot. */
  open(memory: GuestMemory): void {
    this.#memory = memory;
    if (this.destroyed) {
      memory.close();
      return;
    }
    this.#asked = this.#count(PROTOCOL_MAILBOX_ASKED) ?? 0;
    this.#heard = this.#count(PROTOCOL_MAILBOX_HEARD) ?? 0;
    this.#timer = setInterval(() => {
      this.ring();
    }, LOOK_MS).unref();
    this.ring();
  }

  /** Takes what the agent has written, and gives it what it has room for. */
  ring(): void {
    if (this.#memory === undefined || this.destroyed) return;
    try {
      this.#send(this.#memory);
      this.#receive(this.#memory);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _read(): void {
    // Whatever comes is pushed at once: a request waits for each answer.
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#unsent = { bytes: chunk, done };
    this.ring();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#timer);
    this.#memory?.close();
    this.#memory = undefined;
    done(error);
  }

  #send(memory: GuestMemory): void {
    const unsent = this.#unsent;
    const obeyed = this.#count(PROTOCOL_MAILBOX_OBEYED);
    if (unsent === undefined || obeyed === undefined) return;
    const room = PROTOCOL_MAILBOX_RING_SIZE - difference(this.#asked, obeyed);
    const bytes = unsent.bytes.subarray(0, room);
    for (const { at, from, to } of stretches(this.#asked, bytes.length)) {
      memory.write(PROTOCOL_MAILBOX_TO_AGENT + at, bytes.subarray(from, to));
    }
    this.#asked = (this.#asked + bytes.length) >>> 0;
    if (bytes.length > 0) this.#setCount(PROTOCOL_MAILBOX_ASKED, this.#asked);
    if (bytes.length < unsent.bytes.length) {
      unsent.bytes = unsent.bytes.subarray(bytes.length);
      return;
    }
    this.#unsent = undefined;
    unsent.done();
  }

  #receive(memory: GuestMemory): void {
    const answered = this.#count(PROTOCOL_MAILBOX_ANSWERED);
    if (answered === undefined || answered === this.#heard) return;
    const bytes = Buffer.alloc(difference(answered, this.#heard));
    for (const { at, from, to } of stretches(this.#heard, bytes.length)) {
      memory.read(PROTOCOL_MAILBOX_TO_HARNESS + at, bytes.subarray(from, to));
    }
    this.#heard = answered;
    this.#setCount(PROTOCOL_MAILBOX_HEARD, answered);
    this.push(bytes);
  }

  /** Undefined while the other side writes it, and before the agent's start. */
  #count(at: number): number | undefined {
    const pair = Buffer.alloc(layoutSize('mailboxCount'));
    this.#memory?.read(at, pair);
    const { count, complement } = decode('mailboxCount', pair);
    return (count ^ complement) >>> 0 === 0xffffffff ? count : undefined;
  }

  #setCount(at: number, count: number): void {
    this.#memory?.write(at, encode('mailboxCount', { count, complement: ~count >>> 0 }));
  }
}

/** `later` - `earlier`, of counts modulo 2^32. */
function difference(later: number, earlier: number): number {
  return (later - earlier) >>> 0;
}

/** Where bytes `from` to `to` of a chunk of `length` stand in a ring, its first at `count`. */
function stretches(count: number, length: number): { at: number; from: number; to: number }[] {
  const at = count % PROTOCOL_MAILBOX_RING_SIZE;
  const first = Math.min(length, PROTOCOL_MAILBOX_RING_SIZE - at);
  return [
    { at, from: 0, to: first },
    { at: 0, from: first, to: length },
  ].filter(({ from, to }) => to > from);
}
