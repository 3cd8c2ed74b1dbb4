import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SprmatrixError } from '../../base/error.js';
import type { RunningMachine } from '../machine.js';
import type { StartOptions } from './start-machine.js';
import { startMachine } from './start-machine.js';

/** Among a machine's logs: those of the machines that took its place, numbered from 1. */
const REPLACEMENTS = 'replacements';

/**
 * A machine whose place another can take: one runs at a time. Disposing stops it. Each writes its
 * requests.log next to its other logs when it is stopped.
 */
export class ReplaceableMachine implements AsyncDisposable {
  readonly #options: StartOptions;
  #current: RunningMachine;
  #logFolder: string;
  #replacements = 0;
  #isStopped = false;

  private constructor(options: StartOptions, machine: RunningMachine) {
    this.#options = options;
    this.#current = machine;
    this.#logFolder = options.logFolder;
  }

  /** Starts the first machine. Errors: those of `startMachine`. */
  static async start(options: StartOptions): Promise<ReplaceableMachine> {
    // What an earlier run left there is of other machines.
    await rm(join(options.logFolder, REPLACEMENTS), { recursive: true, force: true });
    return new ReplaceableMachine(options, await startMachine(options));
  }

  /** The machine that runs; when none does, the one that was stopped last. */
  get current(): RunningMachine {
    return this.#current;
  }

  /**
   * Stops the machine, whatever state it is in, and then starts another in its place, which is restored
   * if that one was. The other's logs have a folder of their own. Errors: those of `startMachine`; no
   * machine runs then, and `onNotice` is called unless it was an abort.
   */
  async replace(): Promise<RunningMachine> {
    await this.#stop();
    const { logFolder, name, snapshots, signal, onNotice } = this.#options;
    this.#replacements += 1;
    const ownFolder = join(logFolder, REPLACEMENTS, String(this.#replacements));
    try {
      this.#current = await startMachine({
        ...this.#options,
        logFolder: ownFolder,
        // A machine that was booted had no snapshot that is of use.
        snapshots: this.#current.isRestored ? snapshots : undefined,
      });
    } catch (error) {
      if (signal?.aborted !== true) {
        onNotice?.(`${name}: no machine takes the place of one that died: ${messageOf(error)}`);
      }
      throw error;
    }
    this.#logFolder = ownFolder;
    this.#isStopped = false;
    return this.#current;
  }

  /** `error` with the console's tail, the logs and the reproducing command of the machine it is of. */
  explain(error: unknown): SprmatrixError {
    // What comes from a machine's start has its own.
    const isExplained = error instanceof SprmatrixError && error.logs.length > 0;
    return isExplained ? error : this.#current.explain(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  async #stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const stopping = this.#current.stop();
    // QEMU takes as long to end as the text to be made.
    const requests = this.#current.agent.transcript.text();
    await Promise.all([stopping, writeTranscript(join(this.#logFolder, 'requests.log'), requests)]);
  }
}

/** A log that cannot be written, on a full disk say, must not cost the record. */
async function writeTranscript(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch(async () => rm(path, { force: true }));
}
