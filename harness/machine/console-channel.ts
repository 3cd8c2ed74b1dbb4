import { Duplex } from 'node:stream';
import type { Writable } from 'node:stream';
import { PROTOCOL_CONSOLE_HIGH, PROTOCOL_CONSOLE_LOW } from '../agent/protocol.js';

const KIND = 0xf0;
const VALUE = 0x0f;

/**
 * The harness's end of a console that is the agent's channel (fixtures/guest/protocol.h), as a stream of bytes:
 * what is written goes to `input`, and `hear` is to be given all that the console says.
 */
export class ConsoleChannel extends Duplex {
  readonly #input: Writable;
  #half: number | undefined;

  constructor(input: Writable) {
    super();
    this.#input = input;
    // A QEMU that has ended is reported by its exit.
    input.on('error', () => undefined);
  }

  /** Takes the agent's bytes out of the console's output and returns the text that is left. */
  hear(output: Buffer): Buffer {
    const bytes: number[] = [];
    const text = output.filter((byte) => {
      const kind = byte & KIND;
      if (kind === PROTOCOL_CONSOLE_HIGH) {
        this.#half = byte & VALUE;
      } else if (kind === PROTOCOL_CONSOLE_LOW && this.#half !== undefined) {
        bytes.push((this.#half << 4) | (byte & VALUE));
        this.#half = undefined;
      }
      return kind !== PROTOCOL_CONSOLE_HIGH && kind !== PROTOCOL_CONSOLE_LOW;
    });
    if (bytes.length > 0 && !this.destroyed) this.push(Buffer.from(bytes));
    return Buffer.from(text);
  }

  override _read(): void {
    // Whatever comes is pushed at once: a request waits for each answer.
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const coded = Buffer.alloc(2 * chunk.length);
    for (const [index, byte] of chunk.entries()) {
      coded[2 * index] = PROTOCOL_CONSOLE_HIGH | (byte >> 4);
      coded[2 * index + 1] = PROTOCOL_CONSOLE_LOW | (byte & VALUE);
    }
    this.#input.write(coded, done);
  }
}
