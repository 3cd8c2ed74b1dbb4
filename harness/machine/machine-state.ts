import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import type { QmpMonitor } from './qmp.js';

/** Saving takes 10 to 20 ms. */
const SAVE_BUDGET_MS = 10_000;

/**
 * `x-ignore-shared` leaves memory that is shared with a file out of the state, which is then 2 to
 * 8 MB; `events` tells when a migration is done (QEMU's qapi/migration.json).
 */
const CAPABILITIES = {
  capabilities: [
    { capability: 'x-ignore-shared', state: true },
    { capability: 'events', state: true },
  ],
};

/**
 * Migrates a running machine to a file, which leaves it halted. QEMU writes "running" into the state
 * of a machine that was not stopped before, and one that is restored from it goes on by itself.
 * Errors: `QMP_FAILED`, `DEADLINE`, `ABORTED`.
 */
export async function saveState(
  monitor: QmpMonitor,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  await monitor.execute('migrate-set-capabilities', CAPABILITIES);
  const { done } = migrationDone(monitor);
  await monitor.execute('migrate', { uri: `file:${path}` });
  await withinDeadline(
    done,
    { name: `saving the machine to ${path}`, budgetMs: SAVE_BUDGET_MS },
    { signal },
  );
}

/**
 * Loads a state into a QEMU that waits for it, and resolves when the machine runs: until then its
 * devices take no input. Errors: `QMP_FAILED`.
 */
export async function loadState(monitor: QmpMonitor, path: string): Promise<void> {
  const runs = new Promise<void>((resolve) => {
    monitor.on('RESUME', () => {
      resolve();
    });
  });
  const { done } = migrationDone(monitor);
  await monitor.execute('migrate-set-capabilities', CAPABILITIES);
  await monitor.execute('migrate-incoming', { uri: `file:${path}` });
  await done;
  await runs;
}

/** To be called before what it waits for; its failure waits until somebody awaits it. */
function migrationDone(monitor: QmpMonitor): { readonly done: Promise<void> } {
  const done = new Promise<void>((resolve, reject) => {
    monitor.on('MIGRATION', (data) => {
      const status = data?.['status'];
      if (status === 'completed') resolve();
      if (status !== 'failed') return;
      const message = "QEMU's monitor: the migration failed";
      reject(new SprmatrixError({ code: 'QMP_FAILED', message }));
    });
  });
  done.catch(() => undefined);
  return { done };
}
