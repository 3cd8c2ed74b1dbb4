import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { abortedError } from './deadline.js';
import { messageOf, SprmatrixError } from './error.js';

/** A lock whose holder was killed is taken over after this long. */
const STALE_MS = 10_000;
const POLL_MS = 100;

/**
 * Runs `work` while no other process (and no other caller in this one) holds the lock of `path`,
 * which need not exist. Waits as long as the holder lives; `onWait` is called once when it has to.
 * `work` gets a signal that fires with `signal`, and when the lock is lost (a suspended machine).
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: { signal?: AbortSignal | undefined; onWait?: () => void } = {},
): Promise<T> {
  const { signal, onWait } = options;
  const lost = new AbortController();
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, lost, signal, onWait);
  return workAndRelease(path, release, lost, async () =>
    work(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal])),
  );
}

/** As `withLock`, without waiting: undefined, and nothing was done, when the lock is held. */
export async function withLockIfFree<T extends string | object>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const lost = new AbortController();
  await mkdir(dirname(path), { recursive: true });
  const release = await tryLock(path, lost);
  return release && workAndRelease(path, release, lost, async () => work(lost.signal));
}

type Release = () => Promise<void>;

async function workAndRelease<T>(
  path: string,
  release: Release,
  lost: AbortController,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw lost.signal.aborted ? lockError(path, 'was lost', lost.signal.reason) : error;
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(
  path: string,
  lost: AbortController,
  signal: AbortSignal | undefined,
  onWait: (() => void) | undefined,
): Promise<Release> {
  for (let isFirst = true; ; isFirst = false) {
    if (signal?.aborted === true) throw abortedError(`lock of ${path}`);
    const release = await tryLock(path, lost);
    if (release !== undefined) return release;
    if (isFirst) onWait?.();
    await delay(POLL_MS);
  }
}

/** Takes the lock; undefined when it is held. */
async function tryLock(path: string, lost: AbortController): Promise<Release | undefined> {
  try {
    return await lock(path, {
      realpath: false,
      stale: STALE_MS,
      onCompromised: (error) => {
        lost.abort(error);
      },
    });
  } catch (error) {
    if (isLocked(error)) return undefined;
    throw lockError(path, 'cannot be had', error);
  }
}

function lockError(path: string, what: string, cause: unknown): SprmatrixError {
  return new SprmatrixError({
    code: 'LOCK_FAILED',
    message: `the lock of ${path} ${what}: ${messageOf(cause)}`,
    cause,
  });
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}
