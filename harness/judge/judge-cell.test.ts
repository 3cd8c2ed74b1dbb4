import type { RegisterFact, RegisterFacts } from '../record/register-facts.js';
import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { baselineFor, findDeviations, judgeCell, judgeRecord, judgeRun } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import { NAMES, record, row } from '../record/record.fixture.js';

/** The usual record with LPCR's row changed. */
const cell = (kernel: string, lpcr: RegisterRecord): CellRecord =>
  record({ kernel }, { ...record().registers, LPCR: lpcr });

const issue: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['debian-6.1'],
  platforms: ['powernv*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'put is refused',
  source: 'book3s_hv.c',
};

test('a record that equals its baseline and keeps the standing rules has no deviation', () => {
  const baseline = cell('debian-6.1', row('exact'));
  expect(findDeviations(baseline, { baseline, baselines: [baseline], older: [baseline] })).toEqual(
    [],
  );
});

test('a standing rule is judged even where the baseline has the same answer', () => {
  const baseline = cell('debian-6.1', row('get-only'));
  const rules = findDeviations(baseline, { baseline }).map(({ rule }) => rule);
  expect(rules).toEqual(['put-back']);
});

test('without a baseline the standing rules alone speak', () => {
  const rules = findDeviations(cell('debian-6.12', row('absent', { errno: 'EPERM' })), {
    older: [cell('debian-6.1', row('exact'))],
  }).map(({ rule, register }) => `${register} ${rule}`);
  expect(rules).toEqual(['LPCR monotonic', 'LPCR absent-errno']);
});

test('one register can break the baseline and a standing rule at once', () => {
  const baseline = cell('debian-6.12', row('exact'));
  const older = [cell('debian-6.1', row('exact'))];
  const deviations = findDeviations(cell('debian-6.12', row('absent')), { baseline, older });
  expect(deviations.map(({ rule }) => rule)).toEqual(['baseline', 'monotonic']);
});

test('every register has a verdict of every rule', () => {
  const { verdicts } = judgeRecord(record(), {});
  expect([...verdicts.keys()]).toEqual([...NAMES]);
  expect(verdicts.get('LPCR')).toEqual({
    baseline: 'no comparison',
    monotonic: 'no comparison',
    'put-back': 'kept',
    'absent-errno': 'kept',
    'put-lost': 'kept',
    isolated: 'kept',
    'guest-agrees': 'no comparison',
    migrates: 'not asked',
  });
});

test('what was not asked is judged by the standing rules as it is on record', () => {
  const baseline = cell('debian-6.1', row('get-only'));
  const [judged] = judgeRun([cell('debian-6.1', row('untested'))], [baseline]);
  expect(judged?.verdicts.get('LPCR')).toMatchObject({
    baseline: 'not asked',
    'put-back': { rule: 'put-back', register: 'LPCR' },
  });
  expect(judged?.verdicts.get('DSCR')).toMatchObject({ baseline: 'kept', 'put-back': 'kept' });
});

test('the cells of a run are its records and the baselines of the others', () => {
  const judged = judgeRun(
    [cell('debian-6.12', row('absent'))],
    [cell('debian-6.1', row('exact')), cell('debian-6.12', row('exact'))],
  );
  expect(
    judged.map((each) => ({
      kernel: each.record.cell.kernel,
      baseline: typeof each.verdicts.get('LPCR')?.baseline,
      monotonic: typeof each.verdicts.get('LPCR')?.monotonic,
    })),
  ).toEqual([
    { kernel: 'debian-6.12', baseline: 'object', monotonic: 'object' },
    { kernel: 'debian-6.1', baseline: 'string', monotonic: 'string' },
  ]);
  expect(judged[1]?.verdicts.get('LPCR')?.baseline).toBe('not asked');
});

test('in a run a record counts as older in place of its baseline', () => {
  const [, newer] = judgeRun(
    [cell('debian-6.1', row('absent')), cell('debian-6.12', row('absent'))],
    [cell('debian-6.1', row('exact'))],
  );
  expect(newer?.verdicts.get('LPCR')?.monotonic).toBe('kept');
});

test('a cell is judged by baselines and known issues', async () => {
  const judged = cell('debian-6.1', row('get-only'));
  const judgement = await judgeCell(judged, { baselines: [judged], issues: [issue] });
  expect(judgement.hasBaseline).toBe(true);
  expect(judgement.unexcused).toEqual([]);
  expect(judgement.excused.map((each) => `${each.deviation.register} ${each.issue.id}`)).toEqual([
    'LPCR lpcr-get-only',
  ]);
});

test('a row that ended in an error is an error of the harness and no deviation', async () => {
  const judged = cell('debian-6.1', row('error'));
  const baselines = [cell('debian-6.1', row('exact'))];
  expect(await judgeCell(judged, { baselines, issues: [] })).toMatchObject({
    unexcused: [],
    excused: [],
    errors: ['LPCR'],
  });
});

test('records of the run stand in for older kernels without a baseline', async () => {
  const judged = cell('debian-6.12', row('absent'));
  const run = [cell('debian-6.1', row('exact'))];
  const judgement = await judgeCell(judged, { baselines: [], issues: [], run });
  expect(judgement.unexcused.map(({ message }) => message)).toEqual([
    'LPCR on debian-6.12/powernv9: expected not absent, because debian-6.1 has it (exact since debian-6.1), got absent (EINVAL) [monotonic]',
  ]);
  expect(judgement.hasBaseline).toBe(false);
});

test("the repository's own baselines and known issues can be read", async () => {
  const judgement = await judgeCell(record({ kernel: 'no-such-kernel' }));
  expect(judgement.hasBaseline).toBe(false);
});

test("a file that is a baseline's image is judged by that baseline", () => {
  const known = record({ kernel: 'debian-6.1' });
  const given = { ...known, cell: { ...known.cell, kernel: 'file-6.1-1234' } };
  expect(baselineFor(given, [known])).toBe(known);
  const other = { ...given, kernel: { ...given.kernel, sha256: 'f'.repeat(64) } };
  expect(baselineFor(other, [known])).toBeUndefined();
  const elsewhere = { ...given, cell: { ...given.cell, platform: 'elsewhere' } };
  expect(baselineFor(elsewhere, [known])).toBeUndefined();
  // A name that is not a file's is another kernel on purpose.
  expect(
    baselineFor({ ...given, cell: { ...given.cell, kernel: 'mine' } }, [known]),
  ).toBeUndefined();
});

test('a user’s own kernel is not held to what it is configured without, and Debian’s is', async () => {
  const baselines = [cell('debian-6.1', row('exact'))];
  const facts: RegisterFacts = new Map([
    [
      'LPCR',
      {
        name: 'LPCR',
        guest: { by: 'nothing' },
        byDesign: [
          { support: 'absent', errno: 'EINVAL', cause: 'configuration', why: 'x', source: 'y' },
        ],
      } as unknown as RegisterFact,
    ],
  ]);
  const debians = cell('debian-6.12', row('absent'));
  const judged = async (kernel: string): ReturnType<typeof judgeCell> =>
    judgeCell(
      {
        ...debians,
        cell: { ...debians.cell, kernel },
        kernel: { ...debians.kernel, sha256: 'f'.repeat(64) },
      },
      { baselines, issues: [], facts },
    );
  expect(await judged('file-6.12-1234')).toMatchObject({ configured: ['LPCR'], unexcused: [] });
  const other = await judged('debian-6.12');
  expect([other.configured, other.unexcused.length]).toEqual([[], 1]);
});

test('an option leaves out all its registers: one alone that is missing is a deviation', async () => {
  const why = 'The kernel was built without CONFIG_PPC_TRANSACTIONAL_MEM.';
  const facts = new Map(
    ['TFHAR', 'TFIAR'].map((name) => [
      name,
      {
        name,
        guest: { by: 'nothing' },
        byDesign: [{ support: 'absent', cause: 'configuration', why, source: 'y' }],
      } as unknown as RegisterFact,
    ]),
  );
  const known = record({ kernel: 'debian-6.1' }, { TFHAR: row('exact'), TFIAR: row('exact') });
  const judged = async (other: 'absent' | 'exact'): ReturnType<typeof judgeCell> => {
    const own = record({ kernel: 'file-6.12-1234' }, { TFHAR: row('absent'), TFIAR: row(other) });
    return judgeCell(own, { baselines: [known], issues: [], facts });
  };
  expect((await judged('absent')).configured).toEqual(['TFHAR', 'TFIAR']);
  const { configured, unexcused } = await judged('exact');
  const found = new Set(unexcused.map(({ register }) => register));
  expect([configured, [...found]]).toEqual([[], ['TFHAR']]);
});
