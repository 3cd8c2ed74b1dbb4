import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { AgentChannel } from '../agent/agent-channel.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import { shellQuoted } from '../base/shell-quoted.js';
import type { ChannelKind } from './channel-kind.js';
import { ownChannel } from './channel-kind.js';
import type { BootFiles, MemoryFile } from './command-line.js';
import { mailboxAddress, qemuArguments } from './command-line.js';
import type { ConsoleFailure } from './console.js';
import { MachineConsole } from './console.js';
import { ConsoleChannel } from './console-channel.js';
import { EmulatorClock } from './emulator-clock.js';
import { openGuestMemory } from './guest-memory.js';
import { Mailbox } from './mailbox.js';
import { onOneProcessor } from './one-processor.js';
import type { Platform } from './platforms.js';
import type { QemuBinary } from './qemu-binary.js';
import type { QemuExit } from './qemu-process.js';
import { QemuProcess } from './qemu-process.js';
import type { QmpMonitor } from './qmp.js';
import { requireUnwrapped } from './wrapped-qemu.js';

/** What a machine is made of, and where its logs go. */
export interface HostOptions {
  /** Stands in messages, e.g. `debian-6.1/powernv9`. */
  readonly name: string;
  readonly platform: Platform;
  readonly qemu: QemuBinary;
  readonly files: BootFiles;
  /** Its memory, when that is a file. */
  readonly memory?: MemoryFile | undefined;
  /** How its agent is reached; the platform's own way unless it says otherwise. */
  readonly channel?: ChannelKind | undefined;
  /** Gets console.log, qemu.log, command.txt and reproduce.sh. */
  readonly logFolder: string;
  /** A command that shows a failure again. */
  readonly reproduce?: string | undefined;
}

/** A machine that was stopped: what is left of it. */
export interface StoppedMachine {
  readonly exit: QemuExit;
  readonly logs: readonly string[];
}

/** An oops goes on printing after its first line; a panic of pseries ends QEMU within 20 ms. */
const FAILURE_GRACE_MS = 200;

/** QEMU, its console and the channel to its agent, with one verdict when any of them fails. */
export class HostProcess {
  readonly channel: AgentChannel;
  /** Of QEMU: budgets are for its work. */
  readonly clock: EmulatorClock;
  readonly #options: HostOptions;
  readonly #qemu: QemuProcess;
  readonly #console: MachineConsole;
  readonly #mailbox = new Mailbox();
  #isReady = false;
  #isStopping = false;

  private constructor(options: HostOptions, qemu: QemuProcess) {
    this.#options = options;
    this.#qemu = qemu;
    const kind = options.channel ?? ownChannel(options.platform);
    const streams = {
      ...{ port: qemu.channel, mailbox: this.#mailbox },
      console: new ConsoleChannel(qemu.input),
    };
    this.clock = new EmulatorClock(qemu.pid);
    this.channel = new AgentChannel(streams[kind], { clock: this.clock });
    if (kind === 'mailbox') void this.#openMailbox(mailboxAddress(options.platform));
    let failure: ConsoleFailure | undefined;
    this.#console = new MachineConsole(qemu.console, this.#logs[0], (found) => {
      if (failure !== undefined) return;
      failure = found;
      setTimeout(() => {
        this.channel.fail(this.#kernelFailed(found));
      }, FAILURE_GRACE_MS);
    });
    this.#console.onBell = () => {
      this.#mailbox.ring();
    };
    if (kind === 'console') {
      this.#console.onOutput = (output) => streams.console.hear(output);
    }
    void qemu.exited.then((exit) => {
      if (this.#isStopping) return;
      this.channel.fail(
        failure === undefined ? this.#qemuExited(exit) : this.#kernelFailed(failure),
      );
    });
  }

  static async start(options: HostOptions): Promise<HostProcess> {
    await mkdir(options.logFolder, { recursive: true });
    const { platform, files, qemu } = options;
    const [program, args] = onOneProcessor(
      platform,
      qemu.path,
      qemuArguments(platform, files, options),
    );
    const command = [program, ...args].map(shellQuoted).join(' ');
    await writeFile(join(options.logFolder, 'command.txt'), `${command}\n`);
    if (options.reproduce !== undefined) {
      const script = reproduceScript(options.name, options.reproduce);
      await writeFile(join(options.logFolder, 'reproduce.sh'), script, { mode: 0o755 });
    }
    const stderrLog = join(options.logFolder, 'qemu.log');
    return new HostProcess(options, await QemuProcess.start(program, args, stderrLog));
  }

  get #logs(): [string, string] {
    const { logFolder } = this.#options;
    return [join(logFolder, 'console.log'), join(logFolder, 'qemu.log')];
  }

  get lastConsoleLine(): string {
    const line = this.#console.tail.at(-1);
    return line === undefined ? 'nothing on the console' : `console: ${line}`;
  }

  /** The agent has answered: the boot is over. Throws what is wrong with the QEMU: `QEMU_WRAPPED`. */
  markReady(): void {
    requireUnwrapped(this.#options.qemu.path, this.#qemu.pid);
    this.#isReady = true;
    this.#qemu.markReady();
    this.#console.markReady();
  }

  /** The last lines of QEMU and of the console that are not of the boot. */
  get lastWords(): readonly string[] {
    return [...ofQemu(this.#qemu.stderrSinceReady), ...this.#console.tailSinceReady];
  }

  get pid(): number {
    return this.#qemu.pid;
  }

  /** Of a machine that is restored and has hypercalls to make again. */
  get debugger(): Duplex {
    return this.#qemu.gdb;
  }

  get monitor(): QmpMonitor {
    return this.#qemu.monitor;
  }

  async stop(): Promise<StoppedMachine> {
    this.#isStopping = true;
    this.#mailbox.destroy();
    const exit = await this.#qemu.quit();
    await this.#console.close();
    return { exit, logs: this.#logs };
  }

  async kill(): Promise<void> {
    this.#isStopping = true;
    this.#mailbox.destroy();
    this.#qemu.kill();
    await this.#qemu.exited;
    await this.#console.close();
  }

  explain(error: unknown): SprmatrixError {
    const known = error instanceof SprmatrixError ? error : undefined;
    return new SprmatrixError({
      code: known?.code ?? 'CELL_FAILED',
      subject: known === undefined ? this.#options.name : known.subject,
      message: known === undefined ? messageOf(error) : known.reason,
      cause: known === undefined ? error : known.cause,
      evidence: [...ofQemu(this.#qemu.stderrTail), ...this.#console.tail],
      logs: this.#logs,
      reproduce: this.#options.reproduce,
      hint: known?.hint,
    });
  }

  async #openMailbox(address: number): Promise<void> {
    try {
      this.#mailbox.open(await openGuestMemory(this.#qemu.pid, this.#qemu.monitor, address));
    } catch (error) {
      // A QEMU that has ended has its own words.
      if (error instanceof SprmatrixError && error.code === 'QMP_FAILED') return;
      this.channel.fail(this.#wrapped() ?? (error as Error));
    }
  }

  #wrapped(): SprmatrixError | undefined {
    try {
      requireUnwrapped(this.#options.qemu.path, this.#qemu.pid);
      return undefined;
    } catch (error) {
      return error as SprmatrixError;
    }
  }

  #kernelFailed({ line, isWithoutChannel }: ConsoleFailure): SprmatrixError {
    return new SprmatrixError({
      code: isWithoutChannel ? 'CHANNEL_MISSING' : 'KERNEL_FAILED',
      subject: this.#options.name,
      message: `the kernel under test failed: ${line}`,
    });
  }

  #qemuExited({ code, signal }: QemuExit): SprmatrixError {
    // An agent that has no console, either, cannot say that it lacks its channel.
    if (code === 0 && !this.#isReady) {
      return new SprmatrixError({
        code: 'CHANNEL_MISSING',
        subject: this.#options.name,
        message:
          'the machine was powered off before its agent answered, and its console does not say why',
        hint: 'a kernel without a console (CONFIG_HVC_CONSOLE; on powernv CONFIG_HVC_OPAL) cannot say why',
      });
    }
    const how = signal === undefined ? `with status ${String(code)}` : `by ${signal}`;
    return new SprmatrixError({
      code: 'QEMU_EXITED',
      subject: this.#options.name,
      message: `QEMU ended ${how} in the middle of its work`,
    });
  }
}

function ofQemu(lines: readonly string[]): string[] {
  return lines.map((line) => `qemu: ${line}`);
}

/**
 * Logs travel: the script of a CI's artifact is given the path of a checkout. The run writes this very file again,
 * and a shell that went on reading it would find half a line: it is replaced by the run.
 */
function reproduceScript(name: string, command: string): string {
  return `#!/bin/sh
# ${name} once more: sh reproduce.sh [CHECKOUT OF SPRMATRIX] [MORE OPTIONS, e.g. --register=LPCR]
set -eu
cd "\${1:-.}"
[ $# -eq 0 ] || shift
exec ${command} "$@"
`;
}
