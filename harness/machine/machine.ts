import type { AgentHello } from '../agent/agent.js';
import { Agent, parseHello } from '../agent/agent.js';
import { withinDeadline } from '../base/deadline.js';
import type { SprmatrixError } from '../base/error.js';
import { traced } from '../base/trace.js';
import type { HostOptions, StoppedMachine } from './host-process.js';
import { HostProcess } from './host-process.js';
import { GdbStub } from './gdb-stub.js';
import { repeatHypercalls } from './hypercalls.js';
import { loadState, saveState } from './machine-state.js';
import { undoReset } from './undo-reset.js';
import { requireQemuVersion } from './qemu-binary.js';
import type { Hypercall } from './snapshots/snapshot.generated.js';

export type { StoppedMachine } from './host-process.js';

export interface BootOptions extends HostOptions {
  readonly signal?: AbortSignal | undefined;
  /** From QEMU's start to the agent's hello. */
  readonly bootBudgetMs?: number;
}

/** Many times the slowest measured boot (4.7 s), for a machine that is busy with other work. */
const BOOT_BUDGET_MS = 90_000;
/** Many times what a restored agent takes (0.1 s): it costs this much when it never answers. */
const RESTORE_BUDGET_MS = 5_000;

/** A KVM host whose agent answers, booted or restored. `await using` stops it. */
export class RunningMachine implements AsyncDisposable {
  readonly agent: Agent;
  readonly hello: AgentHello;
  /** Milliseconds from QEMU's start to the agent's hello. */
  readonly bootMs: number;
  /** Whether it was restored from a saved state instead of booted. */
  readonly isRestored: boolean;
  readonly #host: HostProcess;

  constructor(host: HostProcess, hello: AgentHello, bootMs: number, isRestored: boolean) {
    this.#host = host;
    this.agent = new Agent(host.channel);
    this.hello = hello;
    this.bootMs = bootMs;
    this.isRestored = isRestored;
  }

  /** `error` with this machine's console tail, logs and reproducing command. */
  explain(error: unknown): SprmatrixError {
    return this.#host.explain(error);
  }

  /** What it said last since its agent was ready: the same for a machine that was restored. */
  get lastWords(): readonly string[] {
    return this.#host.lastWords;
  }

  /** Halts the machine, its clocks too: one without work may still take all of a core (powernv). */
  pause(): void {
    this.#host.monitor.post('stop');
  }

  /** Goes on after `pause`. */
  resume(): void {
    this.#host.monitor.post('cont');
  }

  /**
   * Writes the state of its devices to a file and halts it; with its memory's file, that is all of
   * it. Errors: `QMP_FAILED`, `DEADLINE`, `ABORTED`.
   */
  async save(path: string, signal?: AbortSignal): Promise<void> {
    await saveState(this.#host.monitor, path, signal);
  }

  async stop(): Promise<StoppedMachine> {
    return this.#host.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/**
 * Boots a kernel on a platform and waits for the agent's hello.
 * Errors: `QEMU_TOO_OLD`, `QEMU_EXITED`, `CHANNEL_MISSING`, `KERNEL_FAILED` (panic, oops or the agent's last words on
 * the console), `DEADLINE`, `STARVED`, `ABORTED`; each with the console's tail and the paths of the logs. No
 * QEMU is left behind.
 */
export async function bootMachine(options: BootOptions): Promise<RunningMachine> {
  return traced('machine', 'boot', async () =>
    startUntilHello(options, false, async (host) =>
      withinDeadline(
        host.channel.hello,
        {
          name: `boot of ${options.name}, waiting for the agent's hello`,
          budgetMs: options.bootBudgetMs ?? BOOT_BUDGET_MS,
        },
        { signal: options.signal, lastEvent: () => host.lastConsoleLine, clock: host.clock },
      ),
    ),
  );
}

/**
 * Goes on where a machine was when it was saved: `options` are those that it was booted with, its
 * memory is a file that is mapped privately, and `statePath` what `save` wrote. The agent was asked
 * and has answered. Errors: as those of `bootMachine`, and `QMP_FAILED`.
 */
export async function restoreMachine(
  options: BootOptions,
  statePath: string,
): Promise<RunningMachine> {
  const { signal } = options;
  return traced('machine', 'restore', async () =>
    startUntilHello(options, true, async (host) => {
      await withinDeadline(
        // Nobody says hello here: it only fails, with the machine.
        Promise.race([resumeFrom(host, options.memory?.path, statePath), host.channel.hello]),
        { name: `restoring ${options.name}`, budgetMs: RESTORE_BUDGET_MS },
        { signal, clock: host.clock },
      );
      const budgetMs = options.bootBudgetMs ?? RESTORE_BUDGET_MS;
      const greet = async (): Promise<Buffer> =>
        host.channel.request('HELLO', Buffer.alloc(0), { budgetMs, signal });
      const hypercalls = options.memory?.hypercalls ?? [];
      if (hypercalls.length === 0) return greet();
      const stub = new GdbStub(host.debugger);
      await withinDeadline(
        Promise.race([stub.interrupt(), host.channel.hello]),
        { name: `halting ${options.name}`, budgetMs: RESTORE_BUDGET_MS },
        { signal, clock: host.clock },
      );
      return greetAfter(stub, hypercalls, greet);
    }),
  );
}

async function resumeFrom(
  host: HostProcess,
  memoryPath: string | undefined,
  statePath: string,
): Promise<void> {
  if (memoryPath !== undefined) await undoReset(host, memoryPath);
  await loadState(host.monitor, statePath);
}

/** The hello of a halted machine that makes `hypercalls` again before it answers. */
async function greetAfter(
  stub: GdbStub,
  hypercalls: readonly Hypercall[],
  greet: () => Promise<Buffer>,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const wake = (): void => void greet().then(resolve, reject);
    repeatHypercalls(stub, hypercalls, wake).catch(reject);
  });
}

async function startUntilHello(
  options: BootOptions,
  isRestored: boolean,
  hello: (host: HostProcess) => Promise<Buffer>,
): Promise<RunningMachine> {
  requireQemuVersion(options.qemu, options.platform.qemu, `platform ${options.platform.id}`);
  const host = await HostProcess.start(options);
  const startedAt = performance.now();
  try {
    const payload = await hello(host);
    host.markReady();
    return new RunningMachine(host, parseHello(payload), performance.now() - startedAt, isRestored);
  } catch (error) {
    const explained = host.explain(error);
    await host.kill();
    throw explained;
  }
}
