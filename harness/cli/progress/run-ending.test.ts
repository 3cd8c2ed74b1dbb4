import { expect, test } from '@playwright/test';
import type { KnownIssue } from '../../judge/known-issues.js';
import type { Deviation } from '../../judge/deviation.js';
import type { RowVerdict } from '../../judge/verdict/row-verdict.js';
import type { VerdictKind } from '../../judge/verdict/verdict-kinds.js';
import { record, row } from '../../record/record.fixture.js';
import type { EndedCell } from './run-ending.js';
import { changeLines, deviationLines, kernelBugLines, restLines } from './run-ending.js';

const verdict = (kind: VerdictKind): RowVerdict => ({
  ...{ kind, issues: [] },
  aspects: { 'round-trip': kind, guest: kind, isolation: kind, migration: kind },
});

const issue = (id: string, cause: KnownIssue['cause']): KnownIssue => ({
  ...{
    id,
    cause,
    registers: ['MMCR3'],
    kernels: ['*'],
    platforms: ['*'],
    rule: 'put-lost',
    what: `what ${id} is.`,
  },
  source: 'book3s_hv.c',
});
const LOST = issue('mmcr3-put-lost', 'kernel');
const ODD = issue('odd-qemu', 'emulator');

const deviation = (register: string): Deviation => ({
  ...{ register, rule: 'baseline', expected: 'a', actual: 'b' },
  difference: 'expected a, got b',
  message: `${register} on debian-6.12/powernv9: expected a, got b [baseline]`,
});

function ended(
  kernel: string,
  mmcr3: 'lost' | 'exact',
  changes: Partial<EndedCell> = {},
): EndedCell {
  return {
    record: record({ kernel }, { MMCR3: row(mmcr3), DABR: row('exact') }),
    verdicts: new Map([
      ['MMCR3', verdict(mmcr3 === 'lost' ? 'kernel' : 'works')],
      ['DABR', verdict('works')],
    ]),
    ...{ unexcused: [], hasBaseline: true, hasDeepBaseline: true },
    excused: mmcr3 === 'lost' ? [{ deviation: deviation('MMCR3'), issue: LOST }] : [],
    again: (register) => `npx sprmatrix run --register=${register ?? ''}`,
    ...changes,
  };
}

const CELLS = [ended('debian-6.1', 'lost'), ended('debian-6.12', 'exact')];

test('the kernels’ bugs are one line, by id', () => {
  expect(kernelBugLines(CELLS)).toEqual([
    '1 known kernel bug on these cells: mmcr3-put-lost (1 cell)',
  ]);
  expect(kernelBugLines(CELLS.slice(1))).toEqual([]);
});

test('what changed is said for each kernel and the one before it of its family', () => {
  expect(changeLines(CELLS, false)).toEqual([
    'changed from debian-6.1 to debian-6.12: lost to exact MMCR3',
  ]);
  expect(
    changeLines([CELLS[0] ?? ended('x', 'lost'), ended('debian-6.12', 'lost')], false),
  ).toEqual(['nothing changed from debian-6.1 to debian-6.12']);
  // A build is of another family: what differs from a package is its configuration.
  expect(changeLines([ended('debian-6.1', 'lost'), ended('build-6.12', 'exact')], false)).toEqual(
    [],
  );
});

test('the rest is counted, and listed when it is asked for', () => {
  const odd = ended('debian-6.12', 'exact', {
    excused: [{ deviation: deviation('DABR'), issue: ODD }],
    hasBaseline: false,
  });
  const cells = [ended('debian-6.1', 'lost'), odd];
  expect(restLines(cells, false)).toEqual([
    'no baseline, judged by the standing rules alone: debian-6.12/powernv9',
    '4 answers: 1 kernel bug, 3 works',
    '1 known issue of emulator, configuration and design excuses what these cells do otherwise (-v lists them)',
  ]);
  expect(restLines(cells, true)).toEqual([
    'known issue mmcr3-put-lost (kernel; MMCR3; 1 cell): what mmcr3-put-lost is.',
    'known issue odd-qemu (emulator; MMCR3; 1 cell): what odd-qemu is.',
    'no baseline, judged by the standing rules alone: debian-6.12/powernv9',
    '4 answers: 1 kernel bug, 3 works',
  ]);
});

test('each deviation has the command that shows it again; of many the first are listed', () => {
  const bad = ended('debian-6.12', 'exact', { unexcused: [deviation('DABR')] });
  expect(deviationLines([bad], ['known issue x: no cell needs it'], false)).toEqual([
    'known issue x: no cell needs it',
    'DABR on debian-6.12/powernv9: expected a, got b [baseline]',
    '  again: npx sprmatrix run --register=DABR',
  ]);
  const many = ended('debian-6.12', 'exact', {
    unexcused: Array.from({ length: 21 }, (_, index) => deviation(`R${index}`)),
  });
  expect(deviationLines([many], [], false)).toHaveLength(41);
  expect(deviationLines([many], [], false)[0]).toBe('1 more deviation (-v lists them); the first:');
  expect(deviationLines([many], [], true)).toHaveLength(42);
});
