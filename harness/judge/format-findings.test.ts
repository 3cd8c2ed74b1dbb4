import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { bugsOf } from './bugs/bug-status.js';
import { introducedText, statusText } from './bugs/bug-text.js';
import type { BugEntry } from './bugs/bugs.js';
import { bugEntries, bugFaults } from './bugs/bugs.js';
import { findingPages, formatFindings } from './format-findings.js';
import { judgeOwn } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
import { readKnownIssues } from './known-issues.js';
import { record, row } from '../record/record.fixture.js';

const cell = (kernel: string, lpcr: RegisterRecord): CellRecord =>
  record({ kernel }, { ...record().registers, LPCR: lpcr });

const issue: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['*'],
  platforms: ['powernv*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'put of some_value is refused.',
  source: 'book3s_hv.c: kvmppc_set_lpcr',
};
const entry: BugEntry = {
  ...{ id: 'lpcr-get-only', title: 'LPCR cannot be put', severity: 'medium' },
  consequence: 'A guest loses it.',
  hardware: { differs: 'no', why: 'the kernel decides it' },
  links: [{ what: 'a thread', url: 'https://lore.kernel.org/r/1' }],
};
const BROKEN = row('get-only');

test('a bug has its status, its symptoms, the newest cell’s answer, and the command that shows it again', () => {
  const cells = [cell('debian-6.12', BROKEN), cell('debian-6.1', BROKEN)];
  const bugs = bugsOf(judgeOwn(cells, []), [issue], [entry]);
  expect(formatFindings(bugs)).toContain(
    [
      '1 bug, 1 of them in 6.12, the newest kernel here.',
      '',
      '| bug | severity | status | introduced |',
      '| --- | --- | --- | --- |',
      '| [LPCR cannot be put](findings/lpcr-get-only.md) | medium | present in 6.12, the newest kernel here | 6.1 or before |',
    ].join('\n'),
  );
  expect(findingPages(bugs)).toEqual([
    {
      file: 'lpcr-get-only.md',
      text: [
        '# LPCR cannot be put',
        '',
        'Put of some\\_value is refused.',
        '',
        'A guest loses it.',
        '',
        '- Status: present in 6.12, the newest kernel here',
        '- Introduced: 6.1 or before',
        '- Severity: medium (a guest loses what it computes with)',
        '- Where: book3s\\_hv.c: kvmppc\\_set\\_lpcr',
        '- On hardware: the same; the kernel decides it',
        '- As one C file: `npx sprmatrix reproduce lpcr-get-only`',
        '- Discussed: [a thread](https://lore.kernel.org/r/1)',
        '',
        '## lpcr-get-only',
        '',
        '- Registers: LPCR',
        '- Rule: put-back',
        '- Seen on 2 cells',
        '- Kernels: debian-6.1, debian-6.12',
        '- Platforms: powernv9',
        '- Evidence: LPCR on debian-6.12/powernv9: expected put ok for the value just got, got put EINVAL [put-back]',
        '- Shown again by: `npx sprmatrix run --kernel=debian-6.12 --platform=powernv9 --register=LPCR`',
        '',
      ].join('\n'),
    },
  ]);
});

test('the records say since when a bug is there, when it went, and which lines lack its fix', () => {
  const fixed = { ...issue, fix: 'f9ca6a10be20479d526f27316cc32cfd1785ed39' };
  const cells = [
    cell('debian-5.10', row('exact')),
    cell('debian-6.1', BROKEN),
    cell('debian-6.12', row('untested')),
    cell('debian-7.2', row('exact')),
  ];
  const [bug] = bugsOf(judgeOwn(cells, []), [fixed], []);
  expect(bug?.status).toEqual({
    ...{ newest: '7.2', isPresent: false, shown: ['6.1'], goneSince: '7.2', notIn: '5.10' },
  });
  if (bug === undefined) return;
  expect(statusText(bug.status, bug.fix)).toBe(
    'gone since 7.2; fixed by f9ca6a10be20 (missing in 6.1)',
  );
  expect(introducedText(bug.status)).toBe('between 5.10 and 6.1');
  const [last] = bugsOf(judgeOwn(cells.slice(0, 3), []), [issue], []);
  expect(last && statusText(last.status, undefined)).toBe(
    'seen in 6.1, and no newer kernel was asked',
  );
});

test('symptoms of one cause are one bug, and what is not the kernel’s doing is none', () => {
  const symptom = { ...issue, id: 'lpcr-elsewhere', bug: 'lpcr-get-only' };
  const others = (['design', 'configuration', 'emulator'] as const).map((cause) => ({
    ...{ ...issue, id: `of-${cause}`, cause },
  }));
  const bugs = bugsOf([], [symptom, issue, ...others], [entry]);
  expect(bugs.map(({ id, issues }) => [id, ...issues.map((one) => one.id)])).toEqual([
    ['lpcr-get-only', 'lpcr-get-only', 'lpcr-elsewhere'],
  ]);
});

test('bugs and known issues that do not fit together are reported', () => {
  expect(
    bugFaults([entry, entry, { ...entry, id: 'unneeded' }], [issue, { ...issue, id: 'nameless' }]),
  ).toEqual([
    'matrix/bugs.json: "lpcr-get-only" is given more than once',
    'matrix/bugs.json: no known issue of the kernel has the id "unneeded"',
    'issue "nameless": matrix/bugs.json has no "nameless"',
  ]);
});

test('every bug of the repository fits its known issues', async () => {
  expect(bugFaults(bugEntries(), await readKnownIssues())).toEqual([]);
});
