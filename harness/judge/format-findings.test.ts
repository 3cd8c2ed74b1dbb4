import { expect, test } from '@playwright/test';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { formatFindings } from './format-findings.js';
import { judgeRun } from './judge-cell.js';
import type { KnownIssue } from './known-issues.generated.js';
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

test('a finding has its cells, the newest one’s answer, and the command that shows it again', () => {
  const cells = judgeRun(
    [cell('build-6.12', row('get-only')), cell('build-6.1', row('get-only'))],
    [],
  );
  const [head, ...sections] = formatFindings([issue], cells).split('\n## ');
  expect(head).toMatch(/^# Findings\n/);
  expect(sections).toEqual([
    [
      'lpcr-get-only',
      '',
      'Put of some\\_value is refused.',
      '',
      '- Registers: LPCR',
      '- Where: book3s\\_hv.c: kvmppc\\_set\\_lpcr',
      '- Seen on 2 cells; kernels build-6.1, build-6.12; platforms powernv9',
      '- Evidence: LPCR on build-6.12/powernv9: expected put ok for the value just got, got put EINVAL [put-back]',
      '- Shown again by: `npx sprmatrix run --kernel=build-6.12 --platform=powernv9 --register=LPCR`',
      '',
    ].join('\n'),
  ]);
});

test('what is not the kernel’s doing is no finding', () => {
  const others = (['design', 'configuration', 'emulator'] as const).map((cause) => ({
    ...issue,
    cause,
  }));
  expect(formatFindings(others, [])).not.toContain('##');
});
