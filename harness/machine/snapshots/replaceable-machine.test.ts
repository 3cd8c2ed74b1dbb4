import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../../base/testing/errors.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { loadPlatforms } from '../platforms.js';
import { fakeQemu, HANG, isRunning, OBEY_QUIT, SAY_HELLO } from '../testing/fake-qemu.js';
import { ReplaceableMachine } from './replaceable-machine.js';
import { SnapshotStore } from './snapshot-store.js';
import type { StartOptions } from './start-machine.js';

const NAME = '5.10/pseries-p9-nested';

/** Options of a machine that writes into `events` when it starts and when it ends, by its number. */
async function startOptions(folder: string, ...script: string[]): Promise<StartOptions> {
  const platform = loadPlatforms().find(({ id }) => id === 'pseries-p9-nested');
  if (platform === undefined) throw new Error('no pseries-p9-nested');
  const count = [
    `cd ${folder}`,
    `echo $$ >> pids; number=$(wc -l < pids); echo start $number >> events`,
    `trap 'echo end $number >> events' EXIT`,
    `echo this is machine $number`,
  ];
  return {
    name: NAME,
    platform,
    qemu: await fakeQemu(folder, ...count, ...script),
    content: { kernel: 'a', initramfs: 'b' },
    files: { kernel: '/cache/vmlinux', initramfs: '/cache/initramfs' },
    logFolder: join(folder, 'logs'),
    reproduce: 'npx sprmatrix run',
  };
}

/** Of what the fakes wrote in a folder: the starts and ends, and how many still run. */
async function traceOf(folder: string): Promise<{ events: string[]; running: number }> {
  const linesOf = async (name: string): Promise<string[]> =>
    (await readFile(join(folder, name), 'utf8')).trim().split('\n');
  const pids = await linesOf('pids');
  return {
    events: await linesOf('events'),
    running: pids.filter((pid) => isRunning(Number(pid))).length,
  };
}

test('a machine is stopped before another takes its place, and each keeps its own logs', async () => {
  await using folder = await temporaryFolder();
  const options = await startOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  {
    await using machines = await ReplaceableMachine.start(options);
    const first = machines.current;
    expect(await machines.replace()).toBe(machines.current);
    expect(machines.current).not.toBe(first);
    expect(first.explain(new Error('it died')).evidence).toEqual(['this is machine 1']);
    expect(machines.explain(new Error('it died')).evidence).toEqual(['this is machine 2']);
    await machines.replace();
  }
  expect(await traceOf(folder.path)).toEqual({
    events: ['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3'],
    running: 0,
  });
  for (const [number, own] of ['', 'replacements/1', 'replacements/2'].entries()) {
    const logs = join(options.logFolder, own);
    expect(await readFile(join(logs, 'console.log'), 'utf8')).toBe(
      `this is machine ${number + 1}\n`,
    );
    expect(existsSync(join(logs, 'requests.log')), own).toBe(true);
    expect(await readFile(join(logs, 'reproduce.sh'), 'utf8')).toContain('npx sprmatrix run "$@"');
  }
});

test('a machine that hangs is killed before another takes its place', async () => {
  await using folder = await temporaryFolder();
  const hangs = `if [ $number = 1 ]; then ${HANG}; fi`;
  const options = await startOptions(folder.path, SAY_HELLO, hangs, OBEY_QUIT);
  await using machines = await ReplaceableMachine.start(options);
  await machines.replace();
  expect(await traceOf(folder.path)).toEqual({ events: ['start 1', 'start 2'], running: 1 });
});

test('of a machine that cannot be replaced nothing runs, and a person is told', async () => {
  await using folder = await temporaryFolder();
  const notices: string[] = [];
  const ends = `if [ $number = 2 ]; then exit 1; fi`;
  const options = await startOptions(folder.path, ends, SAY_HELLO, OBEY_QUIT);
  {
    const onNotice = (message: string): unknown => notices.push(message);
    await using machines = await ReplaceableMachine.start({ ...options, onNotice });
    const error = await rejectionOf(machines.replace());
    const logs = ['console.log', 'qemu.log'].map((name) =>
      join(options.logFolder, 'replacements', '1', name),
    );
    expect([error.code, error.logs]).toEqual(['QEMU_EXITED', logs]);
    expect(machines.explain(error)).toBe(error);
  }
  expect(notices).toEqual([
    `${NAME}: no machine takes the place of one that died: ${NAME}: QEMU ended with status 1 in the middle of its work`,
  ]);
  const { events, running } = await traceOf(folder.path);
  expect([events, running]).toEqual([['start 1', 'end 1', 'start 2', 'end 2'], 0]);
});

test('an abort while a machine is replaced leaves no QEMU and tells nobody', async () => {
  await using folder = await temporaryFolder();
  const notices: string[] = [];
  const controller = new AbortController();
  const hangs = `if [ $number = 2 ]; then ${HANG}; fi`;
  const options = await startOptions(folder.path, hangs, SAY_HELLO, OBEY_QUIT);
  {
    await using machines = await ReplaceableMachine.start({
      ...options,
      signal: controller.signal,
      onNotice: (message) => notices.push(message),
    });
    const failing = rejectionOf(machines.replace());
    await expect
      .poll(async () => (await traceOf(folder.path)).events)
      .toEqual(['start 1', 'end 1', 'start 2']);
    controller.abort();
    expect((await failing).message).toBe(
      `boot of ${NAME}, waiting for the agent's hello: interrupted`,
    );
  }
  expect((await traceOf(folder.path)).running).toBe(0);
  expect(notices).toEqual([]);
});

test('a machine that was booted is replaced by one that boots, whatever is saved', async () => {
  await using folder = await temporaryFolder();
  let asked = 0;
  class FullStore extends SnapshotStore {
    override ensure(): Promise<undefined> {
      asked += 1;
      return Promise.resolve(undefined);
    }
  }
  const options = await startOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  const snapshots = new FullStore(folder.path);
  await using machines = await ReplaceableMachine.start({ ...options, snapshots });
  expect((await machines.replace()).isRestored).toBe(false);
  expect(asked).toBe(1);
});

test('what an earlier run left of other machines is removed', async () => {
  await using folder = await temporaryFolder();
  const options = await startOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  const stale = join(options.logFolder, 'replacements', '1');
  await mkdir(stale, { recursive: true });
  await writeFile(join(stale, 'console.log'), 'of yesterday');
  await using machines = await ReplaceableMachine.start(options);
  expect(machines.current.hello.pageSize).toBe(65536);
  expect(existsSync(stale)).toBe(false);
});
