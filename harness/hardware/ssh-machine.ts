import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { execa } from 'execa';
import { Agent, parseHello } from '../agent/agent.js';
import { AgentChannel } from '../agent/agent-channel.js';
import type { ByteOrder } from '../base/byte-order.js';
import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import { LastLines } from '../base/last-lines.js';
import { agentPath } from '../machine/agent-binary.js';
import { parseCpuInfo } from './cpu-info.js';
import type { HardwarePlatform } from './hardware.js';
import { architectureOf, requireKvm } from './hardware.js';
import type { HardwareMachine } from './hardware-machine.js';
import type { RemoteReport } from './remote-script.js';
import { readReport, remoteCommand } from './remote-script.js';
import { sshFailure } from './ssh-failure.js';
import type { SshEnd } from './ssh-failure.js';

/** No questions, no terminal, no connection that outlives this one, and an end to silence. */
const SSH_OPTIONS = [
  ...['-T', '-x'],
  ...['BatchMode=yes', 'ControlMaster=no', 'ClearAllForwardings=yes'].flatMap((it) => ['-o', it]),
  ...['ConnectTimeout=20', 'ServerAliveInterval=10', 'ServerAliveCountMax=3'].flatMap((it) => [
    '-o',
    it,
  ]),
];
const CONNECT_BUDGET_MS = 60_000;
/** A report has some lines for each CPU. */
const REPORT_MAX = 4 * 2 ** 20;
const STDERR_TAIL = 10;
const END_GRACE_MS = 3000;

export interface SshOptions {
  readonly signal?: AbortSignal | undefined;
  /** What tests put in the place of the agent and of /dev/kvm. */
  readonly agent?: string;
  readonly kvmPath?: string;
}

/**
 * Starts the agent over ssh(1) on a machine with POWER hardware, and waits for its hello. It has no
 * file there once it runs, and ends with the connection.
 * Errors: `SSH_MISSING`, `SSH_FAILED` (ssh's own: no host, no entry), `SSH_LOST` (ended in the middle),
 * `REMOTE_FAILED`, `AGENT_NOT_STARTED`, `WRONG_ARCHITECTURE`, `KVM_MISSING`, `KVM_DENIED`, `DEADLINE`,
 * `ABORTED`.
 */
export async function openSshMachine(
  platform: HardwarePlatform,
  options: SshOptions = {},
): Promise<HardwareMachine> {
  const ssh = new SshProcess(platform, remoteCommand(options.kvmPath));
  const within = async <T>(what: string, work: Promise<T>): Promise<T> =>
    withinDeadline(
      Promise.race([work, ssh.failed]),
      { name: `${platform.id}, ${what}`, budgetMs: CONNECT_BUDGET_MS },
      { signal: options.signal },
    );
  try {
    const report = await within('connecting', ssh.report());
    const { byteOrder } = architectureOf(platform, report.machine);
    requireKvm(report.kvm);
    const agent = await readFile(options.agent ?? agentPath(byteOrder)).catch((error: unknown) => {
      throw agentMissing(byteOrder, error);
    });
    const channel = ssh.openChannel();
    ssh.send(Buffer.concat([Buffer.from(`${agent.length}\n`), agent]));
    const hello = parseHello(await within("waiting for the agent's hello", channel.hello));
    ssh.isAgentRunning = true;
    return {
      host: new Agent(channel),
      hello,
      identity: parseCpuInfo(report.cpuInfo),
      [Symbol.asyncDispose]: async () => ssh.end(),
    };
  } catch (error) {
    await ssh.end();
    throw error;
  }
}

function agentMissing(byteOrder: ByteOrder, cause: unknown): SprmatrixError {
  const setup = byteOrder === 'big' ? 'npm run setup -- --big-endian' : 'npm run setup';
  return new SprmatrixError({
    code: 'AGENT_MISSING',
    message: `the agent for ${byteOrder}-endian machines is not built`,
    cause,
    hint: `\`${setup}\` builds it`,
  });
}

/** A running ssh(1): its standard error's tail, what its end means, and the streams of its far end. */
class SshProcess {
  /** Rejects when ssh ends before anybody has asked it to. */
  readonly failed: Promise<never>;
  /** Whether the agent's hello has come: an end is another failure from then on. */
  isAgentRunning = false;
  readonly #platform: HardwarePlatform;
  readonly #child;
  readonly #ended: Promise<SshEnd>;
  readonly #stderr = new LastLines(STDERR_TAIL);
  #channel: AgentChannel | undefined;
  #isEnding = false;

  constructor(platform: HardwarePlatform, command: string) {
    this.#platform = platform;
    this.#child = execa('ssh', [...SSH_OPTIONS, '--', platform.host, command], {
      stdio: 'pipe',
      buffer: false,
      reject: false,
      stripFinalNewline: false,
    });
    const { stdin, stderr } = this.#child;
    stdin.on('error', () => undefined); // a broken pipe is an end of ssh, which is told
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
      const failure = sshFailure(this.#platform, end, this.isAgentRunning);
      this.#channel?.fail(failure);
      throw failure;
    });
    this.failed.catch(() => undefined); // whoever waits for it is told
  }

  /** What the script says of its machine. */
  async report(): Promise<RemoteReport> {
    const { stdout } = this.#child;
    let output = Buffer.alloc(0);
    while (output.length < REPORT_MAX) {
      const chunk = stdout.read() as Buffer | null;
      if (chunk === null) {
        if (stdout.readableEnded) return new Promise(() => undefined); // `failed` tells of it
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

  /** Closes the agent's standard input, which ends it, and ssh with it; kills ssh when it does not. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
