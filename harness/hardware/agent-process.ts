import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { execa } from 'execa';
import { parseHello } from '../agent/agent.js';
import { AgentChannel } from '../agent/agent-channel.js';
import type { Hello, KvmHost } from '../agent/kvm-host.js';
import type { ByteOrder } from '../base/byte-order.js';
import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import { LastLines } from '../base/last-lines.js';
import { agentPath } from '../machine/agent-binary.js';
import type { MachineIdentity } from './cpu-info.js';
import { parseCpuInfo } from './cpu-info.js';
import type { HardwarePlatform } from './hardware.js';
import { architectureOf, requireKvm } from './hardware.js';
import type { RemoteReport } from './remote-script.js';
import { readReport, remoteCommand } from './remote-script.js';

/** A machine with POWER hardware whose KVM can be asked. `await using` ends what was started there. */
export interface HardwareMachine extends AsyncDisposable {
  readonly host: KvmHost;
  readonly hello: Hello;
  readonly identity: MachineIdentity;
}

/** How the program that leads to an agent ended. */
export interface AgentEnd {
  /** There is no such program. */
  readonly isMissing: boolean;
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The last lines of its standard error, which are the agent's too. */
  readonly stderr: readonly string[];
}

/** How the script that becomes the agent is run on a machine: by ssh(1), or by a shell here. */
export interface Launcher {
  /** The program and its arguments, for the script. */
  readonly command: (script: string) => readonly [program: string, ...args: string[]];
  /** The error that an end of the program is, before or after the agent's hello. */
  readonly failure: (end: AgentEnd, wasAgentRunning: boolean) => SprmatrixError;
  /** The host that asks through a channel. */
  readonly host: (channel: AgentChannel) => KvmHost;
  /** What else ends with the machine. */
  readonly close?: () => void;
}

export interface AgentMachineOptions {
  readonly signal?: AbortSignal | undefined;
  /** What tests put in the place of the agent and of /dev/kvm. */
  readonly agent?: string;
  readonly kvmPath?: string;
}

const CONNECT_BUDGET_MS = 60_000;
/** A report has some lines for each CPU. */
const REPORT_MAX = 4 * 2 ** 20;
const STDERR_TAIL = 10;
const END_GRACE_MS = 3000;

/**
 * Starts the agent on a machine that runs already, and waits for its hello. It has no file there once it
 * runs, and ends with its standard input.
 * Errors: those of the launcher, `REMOTE_FAILED`, `WRONG_ARCHITECTURE`, `KVM_MISSING`, `KVM_DENIED`,
 * `AGENT_MISSING`, `DEADLINE`, `ABORTED`.
 */
export async function openAgentMachine(
  platform: HardwarePlatform,
  launcher: Launcher,
  options: AgentMachineOptions,
): Promise<HardwareMachine> {
  const far = new AgentProcess(launcher, remoteCommand(options.kvmPath));
  const within = async <T>(what: string, work: Promise<T>): Promise<T> =>
    withinDeadline(
      Promise.race([work, far.failed]),
      { name: `${platform.id}, ${what}`, budgetMs: CONNECT_BUDGET_MS },
      { signal: options.signal },
    );
  try {
    const report = await within('connecting', far.report());
    const { byteOrder } = architectureOf(platform, report.machine);
    requireKvm(report.kvm);
    const agent = await readFile(options.agent ?? agentPath(byteOrder)).catch((error: unknown) => {
      throw agentMissing(byteOrder, error);
    });
    const channel = far.openChannel();
    far.send(Buffer.concat([Buffer.from(`${agent.length}\n`), agent]));
    const hello = parseHello(await within("waiting for the agent's hello", channel.hello));
    far.isAgentRunning = true;
    return {
      host: launcher.host(channel),
      hello,
      identity: parseCpuInfo(report.cpuInfo),
      [Symbol.asyncDispose]: async () => {
        launcher.close?.();
        await far.end();
      },
    };
  } catch (error) {
    await far.end();
    throw error;
  }
}

/** The error of an agent that is not there. */
export function agentMissing(byteOrder: ByteOrder, cause?: unknown): SprmatrixError {
  const setup = byteOrder === 'big' ? 'npm run setup -- --big-endian' : 'npm run setup';
  return new SprmatrixError({
    code: 'AGENT_MISSING',
    message: `the agent for ${byteOrder}-endian machines is not built`,
    cause,
    hint: `\`${setup}\` builds it`,
  });
}

/** The program that leads to an agent: its standard error's tail, what its end means, and its streams. */
class AgentProcess {
  /** Rejects when it ends before anybody has asked it to. */
  readonly failed: Promise<never>;
  /** Whether the agent's hello has come: an end is another failure from then on. */
  isAgentRunning = false;
  readonly #child;
  readonly #ended: Promise<AgentEnd>;
  readonly #stderr = new LastLines(STDERR_TAIL);
  #channel: AgentChannel | undefined;
  #isEnding = false;

  constructor(launcher: Launcher, script: string) {
    const [program, ...args] = launcher.command(script);
    this.#child = execa(program, args, {
      stdio: 'pipe',
      buffer: false,
      reject: false,
      stripFinalNewline: false,
    });
    const { stdin, stderr } = this.#child;
    stdin.on('error', () => undefined); // a broken pipe is an end of the program, which is reported
    stderr.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split(/\r?\n/).filter(Boolean)) {
        this.#stderr.add(line);
      }
    });
    this.#ended = this.#child.then((result) => ({
      isMissing: result.code === 'ENOENT',
      code: result.exitCode,
      signal: result.signal,
      stderr: this.#stderr.all,
    }));
    this.failed = this.#ended.then(async (end) => {
      if (this.#isEnding) return new Promise<never>(() => undefined);
      const failure = launcher.failure(end, this.isAgentRunning);
      this.#channel?.fail(failure);
      throw failure;
    });
    this.failed.catch(() => undefined); // reported to whoever waits for it
  }

  /** What the script says of its machine. */
  async report(): Promise<RemoteReport> {
    const { stdout } = this.#child;
    let output = Buffer.alloc(0);
    while (output.length < REPORT_MAX) {
      const chunk = stdout.read() as Buffer | null;
      if (chunk === null) {
        if (stdout.readableEnded) return new Promise(() => undefined); // `failed` reports it
        await Promise.race([once(stdout, 'readable'), once(stdout, 'end')]);
        continue;
      }
      output = Buffer.concat([output, chunk]);
      const found = readReport(output);
      if (found === undefined) continue;
      if (found.rest.length > 0) stdout.unshift(found.rest);
      return found.report;
    }
    throw new SprmatrixError({
      code: 'REMOTE_FAILED',
      message: `${REPORT_MAX} bytes came instead of the machine's description`,
    });
  }

  openChannel(): AgentChannel {
    const { stdin, stdout } = this.#child;
    this.#channel = new AgentChannel(Duplex.from({ readable: stdout, writable: stdin }));
    return this.#channel;
  }

  send(bytes: Buffer): void {
    this.#child.stdin.write(bytes);
  }

  /** Closes the agent's standard input, which ends it; kills the program when it goes on. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
