import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import which from 'which';
import { messageOf, SprmatrixError } from '../../base/error.js';
import { sha256OfFile } from '../../base/files.js';
import { traced } from '../../base/trace.js';
import { shortHash } from '../../base/short-hash.js';

import { CHANNEL_NAMES, otherChannels } from '../channel-kind.js';
import type { MemoryFile } from '../command-line.js';
import { qemuArguments } from '../command-line.js';
import { unsavedHypercalls } from '../hypercalls.js';
import type { BootOptions, RunningMachine } from '../machine.js';
import { bootMachine, restoreMachine } from '../machine.js';
import type { Platform } from '../platforms.js';
import type { QemuBinary } from '../qemu-binary.js';
import type { Hypercall } from './snapshot.generated.js';
import type { SavedMachine, Snapshot, SnapshotFiles, SnapshotStore } from './snapshot-store.js';
import { damageOf, SNAPSHOT_FORMAT } from './snapshot-store.js';

/** How often a machine is saved at most, at other moments, until it can be restored. */
const SAVE_ATTEMPTS = 3;
/** Some times what a restored agent takes to answer (0.1 to 0.2 s); one that is only slow is saved once more. */
const PROOF_BUDGET_MS = 1_000;

export interface StartOptions extends BootOptions {
  /** Where booted machines are saved and restored from; undefined boots. */
  readonly snapshots?: SnapshotStore | undefined;
  /** Hashes of `files`: what makes a snapshot one of this machine. */
  readonly content: { readonly kernel: string; readonly initramfs: string };
  /** Called with one line when a snapshot is of no use. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * A machine that goes on from where its agent was ready: restored from its snapshot, which is made
 * first when there is none. A machine that cannot be saved or restored is booted, and `onNotice`
 * gets the reason. Errors: those of `bootMachine`.
 */
export async function startMachine(options: StartOptions): Promise<RunningMachine> {
  let missing: SprmatrixError;
  try {
    return await restoreOrBoot(options);
  } catch (error) {
    if (!isWithoutChannel(error)) throw error;
    missing = error;
  }
  for (const channel of otherChannels(options.platform)) {
    options.onNotice?.(
      `${options.name}: ${missing.reason}; it boots once more with ${CHANNEL_NAMES[channel]}`,
    );
    try {
      return await bootMachine({ ...options, channel });
    } catch (error) {
      if (!isWithoutChannel(error)) throw error;
      missing = error;
    }
  }
  throw missing;
}

function isWithoutChannel(error: unknown): error is SprmatrixError {
  return error instanceof SprmatrixError && error.code === 'CHANNEL_MISSING';
}

async function restoreOrBoot(options: StartOptions): Promise<RunningMachine> {
  const { snapshots, name, signal, onNotice } = options;
  if (snapshots === undefined) return bootMachine(options);
  let snapshot: Snapshot | undefined;
  try {
    const key = await snapshotKey(options);
    const save = async (files: SnapshotFiles): Promise<SavedMachine | undefined> =>
      saveBooted(options, files);
    snapshot = await snapshots.ensure(key, name, save, signal);
    if (snapshot === undefined) return await bootMachine(options);
    return await restoreWhole(options, snapshot);
  } catch (error) {
    if (signal?.aborted === true || error instanceof BootFailure) {
      throw error instanceof BootFailure ? error.reason : error;
    }
    if (snapshot !== undefined) await snapshots.drop(snapshot.folder);
    const what = snapshot === undefined ? 'cannot be saved' : 'has a snapshot that is dropped';
    onNotice?.(`${name} ${what} and boots: ${messageOf(error)}`);
    return bootMachine(options);
  }
}

/** A boot that failed, as it would without snapshots. */
class BootFailure extends Error {
  constructor(readonly reason: unknown) {
    super('boot failed');
  }
}

/** Restores while the files are read: both take about as long, and most often both are well. */
async function restoreWhole(options: StartOptions, snapshot: Snapshot): Promise<RunningMachine> {
  const { hypercalls } = snapshot.manifest;
  const memory = { path: snapshot.memoryPath, isRestored: true, hypercalls };
  const damage = traced('files', 'verify snapshot', async () => damageOf(snapshot, options.signal));
  const restored = restoreMachine({ ...options, memory }, snapshot.statePath);
  restored.catch(() => undefined);
  const why = await damage;
  if (why === undefined) return restored;
  await restored.then(
    async (machine) => machine.stop(),
    () => undefined,
  );
  throw new SprmatrixError({ code: 'SNAPSHOT_DAMAGED', message: why });
}

/** Boots a machine and saves it; undefined when there is no room for it, or when it cannot be restored. */
async function saveBooted(
  options: StartOptions,
  { memoryPath, statePath }: SnapshotFiles,
): Promise<SavedMachine | undefined> {
  const { snapshots, platform, name, onNotice } = options;
  const free = (await snapshots?.freeBytes()) ?? 0;
  if (free < platform.memoryMiB * 2 ** 20) {
    const freeMiB = Math.floor(free / 2 ** 20);
    onNotice?.(
      `${name} is not saved: ${freeMiB} MiB are free in ${snapshots?.folder ?? ''}, it may need ${platform.memoryMiB}`,
    );
    return undefined;
  }
  const hypercallLog = tellsHypervisor(platform) ? `${statePath}.log` : undefined;
  const memory = { path: memoryPath, isRestored: false, hypercallLog };
  // The restored machine's own logs come to stand where these would.
  const logFolder = join(options.logFolder, 'boot');
  const booting = bootMachine({ ...options, memory, logFolder });
  await using machine = await booting.catch((error: unknown) => {
    throw new BootFailure(error);
  });
  const hypercalls = await readHypercalls(hypercallLog);
  for (let attempt = 1; ; attempt += 1) {
    await machine.save(statePath, options.signal);
    const why = await whyAsleep(
      options,
      { path: memoryPath, isRestored: true, hypercalls },
      statePath,
    );
    if (why === undefined) return { hypercalls };
    if (attempt === SAVE_ATTEMPTS) {
      onNotice?.(`${name} is not saved: restored ${attempt} times, it never answered: ${why}`);
      return undefined;
    }
    machine.resume();
  }
}

/** Whether a platform's KVM has set something up in the hypervisor below, of which QEMU's state has nothing. */
function tellsHypervisor({ machine }: Platform): boolean {
  return machine.includes('cap-nested-');
}

/** What `hypercallLog` has of hypercalls to make again; it goes. */
async function readHypercalls(hypercallLog: string | undefined): Promise<Hypercall[]> {
  if (hypercallLog === undefined) return [];
  const hypercalls = unsavedHypercalls(await readFile(hypercallLog, 'latin1'));
  await rm(hypercallLog);
  return hypercalls;
}

/**
 * Why a machine that was just saved does not go on when it is restored; undefined when it does. What is
 * saved at a bad moment never does (powernv under QEMU 10: about one of forty), and would cost the
 * machine that was to be restored from it a boot.
 */
async function whyAsleep(
  options: StartOptions,
  memory: MemoryFile,
  statePath: string,
): Promise<string | undefined> {
  const logFolder = join(options.logFolder, 'proof');
  try {
    const proof = { ...options, memory, logFolder, bootBudgetMs: PROOF_BUDGET_MS };
    const restored = await restoreMachine(proof, statePath);
    await restored.stop();
    return undefined;
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return messageOf(error);
  }
}

/**
 * Of all that makes a machine what it is when its agent is ready: QEMU's program and command line,
 * the kernel, the initramfs, and the format of a snapshot.
 */
async function snapshotKey({ platform, qemu, content }: StartOptions): Promise<string> {
  const args = qemuArguments(platform, content, {
    memory: { path: '', isRestored: false },
  });
  return shortHash([SNAPSHOT_FORMAT, await qemuIdentity(qemu), args]);
}

const identities = new Map<string, Promise<string[]>>();

/** A fetched QEMU is a script next to its program, in a folder that is named by its content. */
async function qemuIdentity({ path }: QemuBinary): Promise<string[]> {
  const real = await realpath(await which(path));
  const known = identities.get(real) ?? sha256OfFile(real).then((hash) => [real, hash]);
  identities.set(real, known);
  return known;
}
