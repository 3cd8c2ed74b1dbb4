import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { withLock, withLockIfFree } from './lock.js';

async function setUp(): Promise<{ folder: string; path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-test-'));
  return {
    folder,
    path: join(folder, 'entry'),
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  };
}

test('work under a lock runs one after the other, and nothing stays of the lock', async () => {
  await using given = await setUp();
  const events: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await delay(20);
    events.push(`${name} ends`);
  };
  await Promise.all([withLock(given.path, work('a')), withLock(given.path, work('b'))]);
  const first = events[0]?.[0] ?? '';
  const second = first === 'a' ? 'b' : 'a';
  expect(events).toEqual([
    `${first} begins`,
    `${first} ends`,
    `${second} begins`,
    `${second} ends`,
  ]);
  expect(await readdir(given.folder)).toEqual([]);
});

test('the lock is given back when the work fails', async () => {
  await using given = await setUp();
  const failing = withLock(given.path, async () => Promise.reject(new Error('disk full')));
  await expect(failing).rejects.toThrow('disk full');
  expect(await withLock(given.path, async () => Promise.resolve('next'))).toBe('next');
});

test('the lock of a run that was killed is taken over', async () => {
  await using given = await setUp();
  const left = `${given.path}.lock`;
  const longAgo = new Date(Date.now() - 60_000);
  await mkdir(left);
  await utimes(left, longAgo, longAgo);
  expect(await withLock(given.path, async () => Promise.resolve('taken'))).toBe('taken');
  expect(await readdir(given.folder)).toEqual([]);
});

test('waiting for a lock can be interrupted', async () => {
  await using given = await setUp();
  const stop = new AbortController();
  await withLock(given.path, async () => {
    const second = withLock(given.path, async () => Promise.resolve(), {
      signal: stop.signal,
      onWait: () => {
        stop.abort();
      },
    });
    await expect(second).rejects.toMatchObject({
      code: 'ABORTED',
      message: `lock of ${given.path}: interrupted`,
    });
  });
});

test('work that does not wait is done when the lock is free, and not while it is held', async () => {
  await using given = await setUp();
  const done: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    done.push(name);
    return Promise.resolve(name);
  };
  const held = await withLock(given.path, async () => withLockIfFree(given.path, work('held')));
  const free = await withLockIfFree(given.path, work('free'));
  expect({ held, free, done }).toEqual({ held: undefined, free: 'free', done: ['free'] });
  expect(await readdir(given.folder)).toEqual([]);
});

test('the work hears of an interruption', async () => {
  await using given = await setUp();
  const stop = new AbortController();
  const heard = await withLock(
    given.path,
    async (signal) => {
      stop.abort();
      return Promise.resolve(signal.aborted);
    },
    { signal: stop.signal },
  );
  expect(heard).toBe(true);
});
