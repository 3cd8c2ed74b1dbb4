import { join } from 'node:path';
import { nearestFirst } from '../base/nearest.js';
import { RULE_NAMES } from './rules.js';
import { writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { findDeviations } from './judge-cell.js';
import {
  applyKnownIssues,
  isIssueOfCell,
  parseKnownIssues,
  readKnownIssues,
} from './known-issues.js';
import type { KnownIssue } from './known-issues.generated.js';
import type { RecordChanges } from '../record/record.fixture.js';
import { errorOf, NAMES, record, row, test } from '../record/record.fixture.js';

const ISSUE: KnownIssue = {
  id: 'lpcr-get-only',
  registers: ['LPCR'],
  kernels: ['debian-6.1'],
  platforms: ['powernv*'],
  rule: 'put-back',
  cause: 'kernel',
  what: 'Putting back the value just got answers EINVAL.',
  source: 'arch/powerpc/kvm/book3s_hv.c kvmppc_set_one_reg_hv',
};
const KNOWN = { registers: NAMES, platforms: ['powernv8', 'powernv9', 'pseries-p9-nested'] };

const parse = (...issues: object[]): KnownIssue[] =>
  parseKnownIssues(JSON.stringify({ issues }), 'known-issues.json', KNOWN);

test('a list of issues is read, with its schema named and a fix or without', () => {
  const issues = [ISSUE, { ...ISSUE, id: 'other', fix: '0123456789ab' }];
  const text = JSON.stringify({ $schema: './schema.json', issues });
  expect(parseKnownIssues(text, 'known-issues.json', KNOWN)).toEqual(issues);
});

test('the list of the repository is valid', async () => {
  expect(Array.isArray(await readKnownIssues())).toBe(true);
});

test('a list that is no JSON names the place', async ({ folder }) => {
  const path = join(folder, 'known-issues.json');
  await writeFile(path, '{ "issues": [,] }');
  const error = await readKnownIssues(KNOWN, path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'KNOWN_ISSUES_INVALID',
    message: `${path}:1:14: not JSON: "," does not belong here`,
  });
});

const FAULTS: readonly (readonly [what: string, changes: object, fault: string])[] = [
  [
    'an unknown rule',
    { rule: 'putback' },
    `issue "lpcr-get-only": rule: "putback" is not allowed; allowed: ${nearestFirst('putback', RULE_NAMES).join(', ')} (nearest first)`,
  ],
  [
    'no registers',
    { registers: [] },
    'issue "lpcr-get-only": registers: [] must NOT have fewer than 1 items',
  ],
  [
    'a wrong id',
    { id: 'Bad Id' },
    'issue "Bad Id": id: "Bad Id" is not allowed; it must be lower-case words joined by "-"',
  ],
  ['no id', { id: undefined }, 'issue 1: "id" is missing'],
  [
    'an unknown register',
    { registers: ['LPCR', 'MMCR*'] },
    'issue "lpcr-get-only": registers: no register matches "MMCR*" (nearest first: DSCR, LPCR, DABR)',
  ],
  [
    'an unknown platform',
    { platforms: ['powernv7'] },
    'issue "lpcr-get-only": platforms: no platform matches "powernv7" (nearest first: powernv8, powernv9, pseries-p9-nested)',
  ],
  [
    'no registers at all',
    { registers: undefined },
    'issue "lpcr-get-only": "registers" is missing; put-back is about registers',
  ],
  [
    'checks where its rule is about registers',
    { checks: ['race'] },
    'issue "lpcr-get-only": checks: put-back is about registers',
  ],
  [
    'an unknown check',
    { registers: undefined, checks: ['random'], rule: 'log-clean' },
    'issue "lpcr-get-only": checks: no check matches "random" (nearest first: random-ids, race, sizes, set-regs, foreign-ids)',
  ],
  [
    'a fix that is no commit',
    { fix: 'soon' },
    'issue "lpcr-get-only": fix: "soon" is not allowed; it must be 12 to 40 lower-case hex digits of a commit',
  ],
];

for (const [what, changes, fault] of FAULTS) {
  test(`an issue with ${what} is refused in words`, () => {
    const error = errorOf(() => parse({ ...ISSUE, ...changes }));
    expect(error.code).toBe('KNOWN_ISSUES_INVALID');
    expect(error.message).toBe(`known-issues.json: not valid: ${fault}`);
  });
}

test('two issues of one id are refused', () => {
  expect(errorOf(() => parse(ISSUE, ISSUE)).message).toBe(
    'known-issues.json: not valid: issue "lpcr-get-only": id: it is given more than once',
  );
});

test('a list that is no list of issues is refused', () => {
  expect(errorOf(() => parseKnownIssues('[]', 'known-issues.json')).message).toBe(
    'known-issues.json: not valid: the file: [] is not allowed; it must be an object',
  );
  expect(errorOf(() => parseKnownIssues('{"issues":[7]}', 'known-issues.json')).message).toBe(
    'known-issues.json: not valid: issue 1: 7 is not allowed; it must be an object',
  );
});

const debian64k = { kernel: 'debian-6.12-64k', release: '6.12.95-powerpc64le-64k' };

const SELECTORS: readonly (readonly [selector: string, cell: RecordChanges, isOf: boolean])[] = [
  ['debian-6.1', { kernel: 'debian-6.1' }, true],
  ['debian-6.1', { kernel: 'debian-6.12' }, false],
  ['debian-6.*', { kernel: 'debian-6.12' }, true],
  ['debian-{5,7}.*', { kernel: 'debian-6.12' }, false],
  ['*-64k', debian64k, true],
  ['6.12', debian64k, true],
  ['6.1', debian64k, false],
  ['6.x', debian64k, true],
  ['<6.12', { kernel: 'debian-6.1' }, true],
  ['<6.12', { kernel: 'debian-6.12' }, false],
  ['>=6.1.150 <6.12', { kernel: 'debian-6.1' }, true],
  ['>=6.1.177 <6.12', { kernel: 'debian-6.1' }, false],
  ['>=6.1 <6.12 || 7.x', { kernel: 'debian-7.2' }, true],
  ['6.x', { kernel: 'vmlinux', release: '6.12.0-mine', package: null }, true],
  ['6.x', { kernel: 'vmlinux', release: 'mine', package: null }, false],
  ['*', { kernel: 'vmlinux', release: 'mine', package: null }, true],
];

for (const [selector, changes, isOf] of SELECTORS) {
  const { kernel = '', release = 'its usual release' } = changes;
  test(`"${selector}" ${isOf ? 'selects' : 'does not select'} ${kernel} of ${release}`, () => {
    expect(isIssueOfCell({ ...ISSUE, kernels: [selector] }, record(changes))).toBe(isOf);
  });
}

test('an issue speaks only of its platforms', () => {
  expect(isIssueOfCell(ISSUE, record({ platform: 'powernv8' }))).toBe(true);
  expect(isIssueOfCell(ISSUE, record({ platform: 'pseries-p9-nested' }))).toBe(false);
});

test('an issue excuses its rule and its registers, and nothing else', () => {
  const cell = record(
    {},
    { DSCR: row('get-only'), LPCR: row('get-only'), DABR: row('absent', { errno: 'EPERM' }) },
  );
  const { excused, unexcused } = applyKnownIssues(findDeviations(cell, {}), cell, [
    ISSUE,
    { ...ISSUE, id: 'wrong-rule', registers: ['D*'], rule: 'monotonic' },
  ]);
  expect(excused.map(({ deviation, issue }) => `${deviation.register} ${issue.id}`)).toEqual([
    'LPCR lpcr-get-only',
  ]);
  expect(unexcused.map(({ register, rule }) => `${register} ${rule}`)).toEqual([
    'DSCR put-back',
    'DABR absent-errno',
  ]);
});

test('an issue of another kernel excuses nothing', () => {
  const cell = record({ kernel: 'debian-6.12' }, { LPCR: row('get-only') });
  expect(applyKnownIssues(findDeviations(cell, {}), cell, [ISSUE])).toMatchObject({
    excused: [],
    unexcused: [{ register: 'LPCR' }],
  });
});
