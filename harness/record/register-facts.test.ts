import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { registerTable } from '../sync/register-table.js';
import { errorOf, rejectionOf, test } from './record.fixture.js';
import type { RegisterFact, RegisterFacts } from './register-facts.js';
import { expandRange, parseRegisterFacts, readRegisterFacts, sinceText } from './register-facts.js';

const LPCR: RegisterFact = {
  name: 'LPCR',
  what: 'Logical partition control.',
  origin: 'Power ISA 2.07B, Book III-S',
  since: { in: '3.18', notIn: '3.10' },
  guest: { by: 'spr' },
  byDesign: [
    {
      support: 'masked',
      writable: '0x02020000',
      why: 'The rest is the hypervisor’s.',
      source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr',
    },
  ],
};
const PMC: RegisterFact = { ...LPCR, name: 'PMC1-2', byDesign: [] };
const NAMES = ['PMC1', 'PMC2', 'LPCR'];

const parse = (...registers: unknown[]): RegisterFacts =>
  parseRegisterFacts(JSON.stringify({ registers }), 'registers.json', NAMES);

test('the entry of a range stands under every name of it', () => {
  const facts = parse(LPCR, PMC);
  expect([...facts.keys()]).toEqual(['LPCR', 'PMC1', 'PMC2']);
  expect(facts.get('LPCR')).toEqual(LPCR);
  expect(facts.get('PMC2')).toEqual(PMC);
});

test("the repository's facts are valid and cover registers.def", async () => {
  const names = registerTable().map(({ name }) => name);
  const facts = await readRegisterFacts(names);
  expect([...facts.keys()].sort()).toEqual([...names].sort());
});

test("the repository's facts are single sentences on one line", async () => {
  for (const { name, what, byDesign } of new Set((await readRegisterFacts()).values())) {
    for (const text of [what, ...byDesign.map(({ why }) => why)]) {
      expect(text, name).toMatch(/^[A-Z`][^\n]*[^.]\.$/);
    }
    for (const { support, writable, why } of byDesign) {
      if (support === 'masked') expect(writable, `${name}: ${why}`).toBeDefined();
    }
  }
});

test('facts that are no JSON name the place', async ({ folder }) => {
  const path = join(folder, 'registers.json');
  await writeFile(path, '{ "registers": [,] }');
  expect(await rejectionOf(readRegisterFacts(NAMES, path))).toMatchObject({
    code: 'REGISTER_FACTS_INVALID',
    message: `${path}:1:17: not JSON: "," does not belong here`,
  });
});

const FAULTS: readonly (readonly [what: string, registers: readonly unknown[], fault: string])[] = [
  [
    'that leave a register out',
    [LPCR, { ...PMC, name: 'PMC1' }],
    'PMC2: registers.def has it, and no entry covers it',
  ],
  [
    'of an unknown register',
    [LPCR, { ...PMC, name: 'PMC1-3' }],
    'PMC3: no register of registers.def (nearest first: PMC1, PMC2, LPCR)',
  ],
  [
    'that cover a register twice',
    [LPCR, PMC, { ...PMC, name: 'PMC2' }],
    'PMC2: it is covered more than once',
  ],
  [
    'with a name that is none',
    [PMC, { ...LPCR, name: 'lpcr' }],
    'lpcr: name: "lpcr" is not allowed; it must be a register name such as LPCR, or a range such as FPR0-31',
  ],
  [
    'with an unknown support',
    [PMC, { ...LPCR, byDesign: [{ ...LPCR.byDesign[0], support: 'exact' }] }],
    'LPCR: byDesign[0].support: "exact" is not allowed; allowed: lost, absent, aliased, masked, get-only, restricted, volatile, put-only (nearest first)',
  ],
  [
    'with a source that names no function',
    [PMC, { ...LPCR, byDesign: [{ ...LPCR.byDesign[0], source: 'book3s_hv.c' }] }],
    'LPCR: byDesign[0].source: "book3s_hv.c" is not allowed; it must be a kernel file and a function such as "arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr"',
  ],
  [
    'with a since that is no line',
    [PMC, { ...LPCR, since: { in: 'soon' } }],
    'LPCR: since.in: "soon" is not allowed; it must be a release line such as "6.1"',
  ],
  ['without a name', [PMC, { ...LPCR, name: undefined }], 'entry 2: "name" is missing'],
];

for (const [what, registers, fault] of FAULTS) {
  test(`facts ${what} are refused in words`, () => {
    const error = errorOf(() => parse(...registers));
    expect(error.code).toBe('REGISTER_FACTS_INVALID');
    expect(error.message.replace(/ \(and \d+ more\)$/, '')).toBe(
      `registers.json: not valid: ${fault}`,
    );
  });
}

test('facts that are no list are refused', () => {
  const error = errorOf(() => parseRegisterFacts('[]', 'registers.json'));
  expect(error.message).toBe(
    'registers.json: not valid: the file: [] is not allowed; it must be an object',
  );
});

test('a range is the names that it spans', () => {
  expect(expandRange('LPCR_64')).toEqual(['LPCR_64']);
  expect(expandRange('TM_VSR9-11')).toEqual(['TM_VSR9', 'TM_VSR10', 'TM_VSR11']);
  expect(expandRange('PMC2-1')).toEqual([]);
});

test('since says no more than what was established', () => {
  expect(sinceText({ in: '3.10' })).toBe('there in 3.10');
  expect(sinceText({ in: '3.18', notIn: '3.10' })).toBe('there in 3.18, not yet in 3.10');
  expect(sinceText({ in: '4.16', notIn: '4.15' })).toBe('since 4.16');
  expect(sinceText({ in: '5.0', notIn: '4.20' })).toBe('there in 5.0, not yet in 4.20');
});
