import { createWriteStream } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { SprmatrixError } from '../base/error.js';
import { killGroup } from '../base/process-group.js';
import { CHANNEL_FD, GDB_FD, QMP_FD } from './command-line.js';
import { LastLines } from '../base/last-lines.js';
import type { QmpCommand } from './qmp.js';
import { QmpMonitor } from './qmp.js';

/** How QEMU ended. */
export interface QemuExit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

interface Streams {
  readonly input: Writable;
  readonly console: Readable;
  readonly stderr: Readable;
  readonly monitor: Duplex;
  readonly channel: Duplex;
  readonly gdb: Duplex;
}

const QUIT_GRACE_MS = 3000;
const STDERR_TAIL = 10;

/** A started QEMU, in a process group of its own, that dies with this process whatever kills it. */
export class QemuProcess {
  readonly pid: number;
  readonly console: Readable;
  /** What is typed on the console. */
  readonly input: Writable;
  readonly channel: Duplex;
  /** Of a QEMU whose command line has its end of it. */
  readonly gdb: Duplex;
  readonly monitor: QmpMonitor;
  /** Resolves when QEMU has ended and all its output was read; never rejects. */
  readonly exited: Promise<QemuExit>;
  readonly #stderr = new LastLines(STDERR_TAIL);
  #hasExited = false;

  private constructor(pid: number, streams: Streams, exited: Promise<QemuExit>, stderrLog: string) {
    this.pid = pid;
    this.console = streams.console;
    this.input = streams.input;
    this.channel = streams.channel;
    this.gdb = streams.gdb;
    this.monitor = new QmpMonitor(streams.monitor);
    this.exited = exited.then((exit) => {
      this.#hasExited = true;
      return exit;
    });
    const log = createWriteStream(stderrLog).on('error', () => undefined);
    streams.stderr.on('data', (chunk: Buffer) => {
      log.write(chunk);
      for (const line of chunk.toString('utf8').split('\n')) {
        if (line !== '') this.#stderr.add(line);
      }
    });
    streams.stderr.on('close', () => log.end());
  }

  /** The last lines of QEMU's standard error. */
  get stderrTail(): readonly string[] {
    return this.#stderr.all;
  }

  /** The machine's boot is over. */
  markReady(): void {
    this.#stderr.mark();
  }

  /** Of `stderrTail`, what is not of the boot. */
  get stderrSinceReady(): readonly string[] {
    return this.#stderr.sinceMark;
  }

  /**
   * Starts QEMU. Throws `QEMU_NOT_STARTED` when there is no setpriv; a command that setpriv cannot
   * run is a QEMU that exits at once.
   */
  static async start(
    command: string,
    args: readonly string[],
    stderrLog: string,
  ): Promise<QemuProcess> {
    // setpriv makes the kernel end QEMU when this process dies, be it by SIGKILL.
    const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      buffer: false,
      reject: false,
      detached: true,
      stripFinalNewline: false,
    });
    const exited = child.then((result) => ({ code: result.exitCode, signal: result.signal }));
    const { pid } = child;
    if (pid === undefined) {
      const result = await child;
      throw new SprmatrixError({
        code: 'QEMU_NOT_STARTED',
        message: `${command} could not be started: no setpriv, which ends it with the harness`,
        hint: "run `npm run setup`, or install Debian's package util-linux",
        cause: result,
      });
    }
    const streams = {
      input: child.stdin,
      console: child.stdout,
      stderr: child.stderr,
      // Node makes a socket pair for each extra descriptor, so both are duplex.
      monitor: child.stdio[QMP_FD] as unknown as Duplex,
      channel: child.stdio[CHANNEL_FD] as unknown as Duplex,
      gdb: (child.stdio as readonly unknown[])[GDB_FD] as Duplex,
    };
    return new QemuProcess(pid, streams, exited, stderrLog);
  }

  /** Sends a command to QEMU's monitor, if QEMU is still there. */
  send(command: QmpCommand): void {
    if (!this.#hasExited) this.monitor.post(command);
  }

  /** Asks QEMU to quit, and kills its process group when it does not within a few seconds. */
  async quit(graceMs = QUIT_GRACE_MS): Promise<QemuExit> {
    this.send('quit');
    const timer = setTimeout(() => {
      this.kill();
    }, graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the whole process group at once. */
  kill(): void {
    if (!this.#hasExited) killGroup(this.pid, 'SIGKILL');
  }
}
