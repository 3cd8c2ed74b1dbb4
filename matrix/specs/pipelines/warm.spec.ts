import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { availableQemus } from '../../../harness/machine/available-qemus.js';
import { chooseQemu } from '../../../harness/machine/obstacles.js';
import { loadPlatforms } from '../../../harness/machine/platforms.js';
import type { Platform } from '../../../harness/machine/platforms.js';
import type { QemuBinary } from '../../../harness/machine/qemu-binary.js';
import { SnapshotStore } from '../../../harness/machine/snapshots/snapshot-store.js';
import { whyCold } from '../../../harness/machine/snapshots/why-cold.js';
import { DEFAULT_HOSTILE } from '../../../harness/probe/hostile/hostile-plan.js';
import type { CellOptions } from '../../../harness/cell/run-cell.js';
import { runCell } from '../../../harness/cell/run-cell.js';
import type { CellRecord } from '../../../harness/record/record.generated.js';
import { AGENT, testKernel } from '../faults/booted.js';
import { qemusOf } from '../../../fixtures/cli-process.js';

interface Restorable {
  readonly platform: Platform;
  readonly qemu: QemuBinary;
}

/** Every machine of debian-6.1 that is restored here, with each QEMU that is installed. */
async function restorables(family: 'pseries' | 'powernv'): Promise<Restorable[]> {
  const qemus = await availableQemus();
  const platforms = loadPlatforms().filter(({ id }) => id.startsWith(family));
  return platforms.flatMap((platform) =>
    qemus.flatMap((one) => {
      const choice = chooseQemu(platform, { id: 'debian-6.1', version: '6.1' }, [one]);
      if (choice.obstacle !== undefined) return [];
      const { qemu } = choice;
      return whyCold(platform, qemu.version) === undefined ? [{ platform, qemu }] : [];
    }),
  );
}

/** The same; a test that calls it is skipped where there is none. */
async function someRestorables(
  family: 'pseries' | 'powernv' = 'pseries',
): Promise<readonly [Restorable, ...Restorable[]]> {
  const [first, ...others] = await restorables(family);
  // Debian 12's own QEMU restores none, and whoever has no other must be able to run the tests.
  test.skip(
    first === undefined,
    'no QEMU here restores machines (platforms.json, cold): `npm run setup` fetches one',
  );
  if (first === undefined) throw new Error('a test that is skipped went on');
  return [first, ...others];
}

async function record(
  { platform, qemu }: Restorable,
  info: TestInfo,
  snapshots?: SnapshotStore,
  events: Pick<CellOptions, 'onNotice' | 'onPhase'> = {},
): Promise<CellRecord> {
  return runCell({
    kernel: await testKernel(),
    ...{ platform, qemu, snapshots, ...events },
    agentPath: AGENT,
    hostile: DEFAULT_HOSTILE,
    outFolder: info.outputPath(),
    reproduce: 'the command that shows it',
  });
}

/** All of a record that a kernel answers. */
function answers(of: CellRecord): unknown {
  return { ...of, timings: undefined };
}

for (const family of ['pseries', 'powernv'] as const) {
  test(`a restored ${family} machine's record is a booted one's but for the times, of one drawn by the day`, async () => {
    const info = test.info();
    const all = await someRestorables(family);
    const machine = all[Math.floor(Date.now() / 86_400_000) % all.length] ?? all[0];
    await using folder = await temporaryFolder();
    const store = new SnapshotStore(folder.path);
    const notices: string[] = [];
    const onNotice = (message: string): unknown => notices.push(message);
    await record(machine, info, store, { onNotice });
    const warm = await record(machine, info, store, { onNotice });
    const cold = await record(machine, info);
    const drawn = `${machine.platform.id} under QEMU ${machine.qemu.version}`;
    const what = [drawn, ...notices].join('; ');
    expect(Object.keys(warm.timings ?? {}), what).toContain('restoreMs');
    expect(Object.keys(cold.timings ?? {}), what).toContain('bootMs');
    expect(answers(warm), what).toEqual(answers(cold));
  });
}

test('a snapshot that is damaged is dropped with one line, and the machine boots', async () => {
  const info = test.info();
  const [machine] = await someRestorables();
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  const first = await record(machine, info, store);
  const [snapshot] = await store.list();
  const file = await open(join(store.folder, snapshot ?? '', 'ram'), 'r+');
  await file.write('damage', 0x2000);
  await file.close();
  const notices: string[] = [];
  const second = await record(machine, info, store, {
    onNotice: (message) => notices.push(message),
  });
  // QEMU may lose a decrementer on the machine that boots, which is another line.
  expect(notices.filter((line) => !line.includes(': emulator: '))).toEqual([
    `debian-6.1/${machine.platform.id} has a snapshot that is dropped and boots: its memory is damaged`,
  ]);
  expect(Object.keys(second.timings ?? {})).toContain('bootMs');
  expect(answers(second)).toEqual(answers(first));
  expect(await store.list()).toEqual([]);
});

test('of a machine that dies the replacement is restored if it was, and the record is the same', async () => {
  const info = test.info();
  const [machine] = await someRestorables();
  await using folder = await temporaryFolder();
  const store = new SnapshotStore(folder.path);
  const cell = `debian-6.1/${machine.platform.id}`;
  const onPhase = (phase: string): void => {
    if (phase === 'hostile') for (const pid of qemusOf(process.pid)) process.kill(pid, 'SIGKILL');
  };
  const replacement = async (): Promise<string> =>
    readFile(info.outputPath(`logs/${cell}/replacements/1/command.txt`), 'utf8');
  const whole = await record(machine, info, store);
  const restored = await record(machine, info, store, { onPhase });
  expect(await replacement()).toContain(' -incoming defer');
  const booted = await record(machine, info, undefined, { onPhase });
  expect(await replacement()).not.toContain(' -incoming defer');
  expect(answers(restored)).toEqual(answers(booted));
  const { 'foreign-ids': died, ...others } = restored.hostile?.checks ?? {};
  expect(died).toEqual({
    answers: {},
    died: { how: 'QEMU ended by SIGKILL in the middle of its work', console: [] },
  });
  const { 'foreign-ids': asked, ...expected } = whole.hostile?.checks ?? {};
  expect(asked).toEqual({ answers: { EINVAL: 90 } });
  expect(others).toEqual(expected);
});
