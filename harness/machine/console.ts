import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  PROTOCOL_CHANNEL_FATAL,
  PROTOCOL_FATAL_PREFIX,
  PROTOCOL_MAILBOX_BELL,
} from '../agent/protocol.js';
import { LastLines } from '../base/last-lines.js';

const TAIL_LINES = 40;

/**
 * Texts after which a KVM host is of no more use: panic (kernel/panic.c), oops and BUG
 * (arch/powerpc/kernel/traps.c, arch/powerpc/mm/fault.c), and the agent's own last words.
 */
const FAILURE_PATTERNS: readonly RegExp[] = [
  /Kernel panic - not syncing/,
  /^(\[[ .\d]+\] )?Oops: /,
  /BUG: Unable to handle kernel/,
  /kernel BUG at /,
  new RegExp(`^${PROTOCOL_FATAL_PREFIX}`),
];

/** A line that says that the host failed. */
export interface ConsoleFailure {
  readonly line: string;
  /** The agent's last words: the kernel has not the channel that it was to use. */
  readonly isWithoutChannel: boolean;
}

/** A machine's console: kept as a log file, with its last lines at hand, watched for failures. */
export class MachineConsole {
  readonly #log: WriteStream;
  readonly #tail = new LastLines(TAIL_LINES);
  readonly #onFailure: (failure: ConsoleFailure) => void;
  #partial = '';
  /** Called when the agent has rung its mailbox's bell, which is no part of the log. */
  onBell: () => void = () => undefined;
  /** Takes what is not text out of the output: the agent's bytes, when the console is its channel. */
  onOutput: (output: Buffer) => Buffer = (output) => output;

  /** `onFailure` is called with each line that says that the host failed. */
  constructor(output: Readable, logPath: string, onFailure: (failure: ConsoleFailure) => void) {
    this.#onFailure = onFailure;
    this.#log = createWriteStream(logPath);
    // A log that cannot be written (disk full) must not end the cell: its lines are still in the tail.
    this.#log.on('error', () => undefined);
    output.on('data', (bytes: Buffer) => {
      const chunk = this.onOutput(bytes);
      const text = chunk.filter((byte) => byte !== PROTOCOL_MAILBOX_BELL);
      if (text.length < chunk.length) this.onBell();
      this.#log.write(text);
      this.#take(Buffer.from(text).toString('latin1'));
    });
  }

  /** The last lines, oldest first, without control characters. */
  get tail(): readonly string[] {
    return this.#withPartial(this.#tail.all);
  }

  /** The boot is over. */
  markReady(): void {
    this.#tail.mark();
  }

  /** Of the tail, what is not of the boot. */
  get tailSinceReady(): readonly string[] {
    return this.#withPartial(this.#tail.sinceMark);
  }

  async close(): Promise<void> {
    if (this.#log.destroyed) return;
    this.#log.end();
    await finished(this.#log).catch(() => undefined);
  }

  #withPartial(lines: readonly string[]): readonly string[] {
    const last = printable(this.#partial);
    return last === '' ? lines : [...lines, last];
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const raw of lines) {
      const line = printable(raw);
      if (line === '') continue;
      this.#tail.add(line);
      if (FAILURE_PATTERNS.some((pattern) => pattern.test(line))) this.#onFailure(failureOf(line));
    }
  }
}

function failureOf(line: string): ConsoleFailure {
  const isWithoutChannel = line.startsWith(`${PROTOCOL_FATAL_PREFIX}${PROTOCOL_CHANNEL_FATAL}`);
  return { line, isWithoutChannel };
}

/** What a kernel printed is data: no control character of it reaches a terminal. */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '');
}
