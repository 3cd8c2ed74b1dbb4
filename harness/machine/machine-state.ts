import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
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
 * Errors: `QMP_FAILED`, `DEADLINE`, `ABORTED`, those of writing.
 */
export async function saveState(
  monitor: QmpMonitor,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  await using socket = await socketPath();
  const server = createServer().listen(socket.path);
  await once(server, 'listening');
  try {
    const saved = once(server, 'connection').then(async ([connection]) =>
      pipeline(connection as Socket, createWriteStream(path)),
    );
    saved.catch(() => undefined);
    await monitor.execute('migrate-set-capabilities', CAPABILITIES);
    const { done } = migrationDone(monitor);
    await monitor.execute('migrate', { uri: `unix:${socket.path}` });
    await withinDeadline(
      Promise.all([done, saved]),
      { name: `saving the machine to ${path}`, budgetMs: SAVE_BUDGET_MS },
      { signal },
    );
  } finally {
    server.close();
  }
}

/**
 * Loads a state into a QEMU that waits for it, and resolves when the machine runs: until then its
 * devices take no input. Errors: `QMP_FAILED`, those of reading.
 */
export async function loadState(monitor: QmpMonitor, path: string): Promise<void> {
  const runs = new Promise<void>((resolve) => {
    monitor.on('RESUME', () => {
      resolve();
    });
  });
  const { done } = migrationDone(monitor);
  await using socket = await socketPath();
  await monitor.execute('migrate-set-capabilities', CAPABILITIES);
  await monitor.execute('migrate-incoming', { uri: `unix:${socket.path}` });
  const sent = pipeline(
    createReadStream(path, { highWaterMark: 2 ** 20 }),
    connect(socket.path),
  ).catch((error: unknown) => {
    if (!isClosedByQemu(error)) throw error;
  });
  await Promise.all([done, sent]);
  await runs;
}

/** QEMU closes the socket when it has read a whole state; Node may hear of that before it has ended it. */
function isClosedByQemu(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ECONNRESET'].includes(code);
}

/**
 * A path for a socket, in a folder of its own: all QEMUs since 7.2 migrate to one, to a file only those
 * since 8.2, and a socket's path may have no more than 107 bytes.
 */
async function socketPath(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-'));
  return {
    path: join(folder, 'state'),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
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
