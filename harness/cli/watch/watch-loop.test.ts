import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { SprmatrixError } from '../../base/error.js';
import { rejectionOf } from '../../base/testing/errors.js';
import { watchLoop } from './watch-loop.js';

/** Files that exist in a test alone: `become` changes them, which gives a hint unless `quietly`. */
class FakeFiles {
  missing: string | undefined;
  #state = 0;
  #hints = new Set<() => void>();

  become(missing?: string): void {
    this.#state += 1;
    this.missing = missing;
    this.touch();
  }

  /** A hint without any change. */
  touch(): void {
    for (const give of this.#hints) give();
  }

  readonly state = async (): Promise<string> => Promise.resolve(String(this.#state));
  readonly whatIsMissing = async (): Promise<string | undefined> => Promise.resolve(this.missing);
  readonly hint = async (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#hints.add(resolve);
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  };
}

type Run = (signal: AbortSignal) => Promise<void>;

/** A watch over fake files that is ended by `end`; each run takes the next of `runs`. */
function watching(runs: readonly Run[], files = new FakeFiles()) {
  const said: string[] = [];
  const begun: string[] = [];
  const stop = new AbortController();
  const end = watchLoop(files, {
    run: async (signal) => {
      begun.push(await files.state());
      await runs[begun.length - 1]?.(signal);
    },
    tell: (text) => said.push(text),
    signal: stop.signal,
    ...{ stillMs: 30, pollMs: 5, patienceMs: 60 },
  });
  return {
    ...{ files, said, begun },
    end: async () => {
      stop.abort();
      await end;
    },
    ended: end,
  };
}

const untilAborted: Run = async (signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('stopped'));
    });
  });

test('each change is followed by a run, once the file stands still', async () => {
  const { files, said, begun, end } = watching([]);
  await expect.poll(() => begun).toEqual(['0']);
  for (let piece = 0; piece < 10; piece += 1) {
    files.become();
    await sleep(10);
  }
  await expect.poll(() => begun).toEqual(['0', '10']);
  files.touch();
  await sleep(100);
  await end();
  expect(begun).toEqual(['0', '10']);
  expect(said).toEqual(['changed: running again']);
});

test('a change during a run stops it, and it begins again', async () => {
  const { files, said, begun, end } = watching([untilAborted]);
  await expect.poll(() => begun).toEqual(['0']);
  files.touch();
  await sleep(20);
  expect(said).toEqual([]);
  files.become();
  await expect.poll(() => begun).toEqual(['0', '1']);
  await end();
  expect(said).toEqual(['changed during the run: starting over']);
});

test('a change at the very end of a run is not lost', async () => {
  const files = new FakeFiles();
  const { begun, end } = watching(
    [
      async () => {
        files.become();
        return Promise.resolve();
      },
    ],
    files,
  );
  await expect.poll(() => begun).toEqual(['0', '1']);
  await end();
});

test('a run that fails is reported, and watching goes on', async () => {
  const usage = new SprmatrixError({
    ...{
      code: 'NOT_A_KERNEL',
      kind: 'usage',
      message: './vmlinux is not a kernel',
      hint: 'link it',
    },
  });
  const { files, said, begun, end } = watching([
    async () => Promise.reject(new Error('QEMU ended')),
    async () => Promise.reject(usage),
  ]);
  await expect.poll(() => said).toEqual(['QEMU ended']);
  files.become();
  await expect.poll(() => said).toHaveLength(3);
  files.become();
  await expect.poll(() => begun).toEqual(['0', '1', '2']);
  await end();
  expect(said).toEqual([
    'QEMU ended',
    'changed: running again',
    './vmlinux is not a kernel\n  hint: link it',
    'changed: running again',
  ]);
});

test('what is wrong with the command line ends it at the first run', async () => {
  const usage = new SprmatrixError({ code: 'UNKNOWN_PLATFORM', kind: 'usage', message: 'no pwnv' });
  const { ended } = watching([async () => Promise.reject(usage)]);
  expect((await rejectionOf(ended)).message).toBe('no pwnv');
});

test('half a file starts no run; that is reported once, and the rest is waited for', async () => {
  const files = new FakeFiles();
  files.missing = 'vmlinux: it is cut off';
  const { said, begun, end } = watching([], files);
  await expect.poll(() => said).toEqual(['vmlinux: it is cut off; waiting until it is whole']);
  await sleep(100);
  expect(begun).toEqual([]);
  files.become();
  await expect.poll(() => begun).toEqual(['1']);
  await end();
  expect(said).toHaveLength(1);
});

test('it can be ended while a run goes on, and while it waits for the rest of a file', async () => {
  const running = watching([untilAborted]);
  await expect.poll(() => running.begun).toEqual(['0']);
  await running.end();
  expect(running.said).toEqual([]);
  const files = new FakeFiles();
  files.missing = 'vmlinux: no such file';
  const waiting = watching([], files);
  await waiting.end();
  expect(waiting.begun).toEqual([]);
});
