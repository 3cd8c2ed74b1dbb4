import type { Duplex } from 'node:stream';
import { SprmatrixError } from '../base/error.js';

/** What stops a machine, outside of any packet. */
const INTERRUPT = Buffer.from([3]);

/**
 * QEMU's debugger stub, which GDB speaks to (GDB's manual, "GDB Remote Serial Protocol"). A machine whose
 * stub is spoken to is halted by `interrupt` and goes on by the command "D".
 */
export class GdbStub {
  readonly #stream: Duplex;
  readonly #packets: string[] = [];
  #received = '';
  #waiter: ((packet: string) => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    // A broken pipe is an exit of QEMU, which its owner sees.
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.#receive(chunk.toString('latin1'));
    });
  }

  /** Sends a command and returns the answer: "OK", "E01", a value, or why the machine has halted ("T05..."). */
  async command(text: string): Promise<string> {
    const answer = this.#next();
    const sum = Buffer.from(text, 'latin1').reduce((total, byte) => (total + byte) & 0xff, 0);
    this.#stream.write(`$${text}#${sum.toString(16).padStart(2, '0')}`);
    return answer;
  }

  /** The same, of a command that answers "OK". Errors: `GDB_REFUSED`. */
  async order(text: string): Promise<void> {
    const answer = await this.command(text);
    if (answer === 'OK') return;
    throw new SprmatrixError({
      code: 'GDB_REFUSED',
      message: `QEMU's debugger stub answers "${answer}" to "${text}"`,
    });
  }

  /** Halts the machine. */
  async interrupt(): Promise<void> {
    const halted = this.#next();
    this.#stream.write(INTERRUPT);
    await halted;
  }

  async #next(): Promise<string> {
    const packet = this.#packets.shift();
    if (packet !== undefined) return packet;
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }

  #receive(text: string): void {
    this.#received += text;
    for (;;) {
      const [whole, packet = ''] = /^[^$]*\$([^#]*)#../s.exec(this.#received) ?? [];
      if (whole === undefined) return;
      this.#received = this.#received.slice(whole.length);
      // An answer that was not acknowledged may be sent again.
      this.#stream.write('+');
      const waiter = this.#waiter;
      this.#waiter = undefined;
      if (waiter === undefined) this.#packets.push(packet);
      else waiter(packet);
    }
  }
}
