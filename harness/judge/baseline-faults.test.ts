import { expect, test } from '@playwright/test';
import type { CellRecord } from '../record/cell-record.js';
import { readBaseline } from './baseline.js';
import { baselineFaults } from './baseline-faults.js';

const SET_UP = {
  capabilities: ['KVM_CAP_ONE_REG', 'KVM_CAP_PPC_HIOR', 'KVM_CAP_PPC_PAPR', 'KVM_CAP_PPC_SMT'],
  hostile: { ids: 1000, seed: 1 },
};
const CELL = 'debian-6.1/powernv9';

/** What is wrong with a committed baseline after an edit by hand. */
async function faultsAfter(edit: (baseline: EditableRecord) => void): Promise<string[]> {
  const baseline = await readBaseline('debian-6.1', 'powernv9');
  if (baseline === undefined) throw new Error(`no baseline of ${CELL}`);
  const edited: EditableRecord = structuredClone(baseline);
  edit(edited);
  return baselineFaults([edited], SET_UP);
}

type EditableRecord = { -readonly [Key in keyof CellRecord]: CellRecord[Key] };

/** A row of a committed baseline. */
function rowOf({ registers }: EditableRecord, name: string): CellRecord['registers'][string] {
  const row = registers[name];
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
}

test('a committed baseline is whole', async () => {
  expect(await faultsAfter(() => undefined)).toEqual([]);
});

test('a row that was set to untested is named', async () => {
  const faults = await faultsAfter((baseline) => {
    rowOf(baseline, 'LPCR').support = 'untested';
  });
  expect(faults).toEqual([`${CELL}: LPCR is untested: a baseline has every answer`]);
});

test('a row that lost what a migration or a guest says is named', async () => {
  const faults = await faultsAfter((baseline) => {
    delete rowOf(baseline, 'AMR').migrates;
    delete rowOf(baseline, 'DSCR').guest;
  });
  expect(faults).toEqual([
    `${CELL}: DSCR has no "guest": it was asked`,
    `${CELL}: AMR has no "migrates": it was asked`,
  ]);
});

test('a mask without what it does not say is named', async () => {
  const faults = await faultsAfter((baseline) => {
    delete rowOf(baseline, 'LPCR').digest;
    delete rowOf(baseline, 'CIABR').exceptions;
  });
  expect(faults).toEqual([
    `${CELL}: CIABR has no "exceptions": it was asked`,
    `${CELL}: LPCR has no "digest": it was asked`,
  ]);
});

test('a hostile check that was removed, or set to untested, is named', async () => {
  const faults = await faultsAfter(({ hostile }) => {
    if (hostile === undefined) throw new Error('no hostile calls');
    delete hostile.checks['other-files'];
    hostile.checks.race = { answers: {}, untested: 'by hand' };
  });
  expect(faults).toEqual([
    `${CELL}: the hostile check other-files is missing`,
    `${CELL}: the hostile check race is untested: by hand`,
  ]);
});

test('hostile calls that no run repeats, or none at all, are named', async () => {
  expect(
    await faultsAfter((baseline) => {
      if (baseline.hostile !== undefined) baseline.hostile.seed = 2;
    }),
  ).toEqual([`${CELL}: its hostile calls are 1000:2, which no run repeats (1000:1)`]);
  expect(
    await faultsAfter((baseline) => {
      delete baseline.hostile;
    }),
  ).toEqual([`${CELL}: it has no hostile calls`]);
});

test('capabilities that were set to 0, or removed, are named', async () => {
  const faults = await faultsAfter(({ kvm: { capabilities } }) => {
    for (const name of Object.keys(capabilities)) capabilities[name] = 0;
    delete capabilities['KVM_CAP_PPC_SMT'];
  });
  expect(faults).toEqual([
    `${CELL}: the capability KVM_CAP_PPC_SMT is missing`,
    `${CELL}: the capability KVM_CAP_ONE_REG is 0, and registers answer`,
    `${CELL}: the capability KVM_CAP_PPC_HIOR is 0, and HIOR answers`,
    `${CELL}: the capability KVM_CAP_PPC_PAPR is 0, and every guest of KVM-HV is one of PAPR`,
  ]);
});

test('baselines of one kernel are of one image', async () => {
  const [one, other] = await Promise.all(
    ['powernv9', 'powernv10'].map(async (platform) => readBaseline('debian-6.1', platform)),
  );
  if (one === undefined || other === undefined) throw new Error('no baselines');
  expect(baselineFaults([one, other], SET_UP)).toEqual([]);
  const rebuilt = { ...other, kernel: { ...other.kernel, sha256: 'f'.repeat(64) } };
  expect(baselineFaults([one, rebuilt], SET_UP)).toEqual([
    `debian-6.1: its baselines are of 2 images: ${one.kernel.sha256?.slice(0, 12) ?? ''} (powernv9) and ffffffffffff (powernv10); record them again`,
  ]);
});
