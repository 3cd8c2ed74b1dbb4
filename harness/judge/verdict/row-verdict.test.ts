import { expect, test } from '@playwright/test';
import type { RegisterRecord } from '../../record/cell-record.js';
import { IGNORED_READ, IGNORED_WRITE } from '../../record/ignored-access.js';
import { record, row } from '../../record/record.fixture.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { parseRegisterFacts } from '../../record/register-facts.js';
import { judgeRecord } from '../judge-cell.js';
import type { KnownIssue } from '../known-issues.js';
import type { RowVerdict } from './row-verdict.js';
import { rowVerdicts } from './row-verdict.js';
import { countKinds, kindsText, VERDICT_KINDS, VERDICTS, worstOf } from './verdict-kinds.js';

const factsWith = (
  byDesign: readonly object[] = [],
  guest: object = { by: 'spr' },
): RegisterFacts =>
  parseRegisterFacts(
    JSON.stringify({
      registers: [
        {
          ...{ name: 'LPCR', what: 'A register.', origin: 'Power ISA', since: { in: '3.18' } },
          ...{ guest, byDesign },
        },
      ],
    }),
    'registers.json',
  );

const issue = (changes: Partial<KnownIssue>): KnownIssue => ({
  ...{ id: 'of-lpcr', registers: ['LPCR'], kernels: ['*'], platforms: ['*'] },
  ...{ rule: 'guest-agrees', cause: 'kernel', what: 'what.', source: 'where' },
  ...changes,
});

const verdict = (
  lpcr: RegisterRecord,
  { issues = [], facts = factsWith() }: { issues?: KnownIssue[]; facts?: RegisterFacts } = {},
): RowVerdict | undefined =>
  rowVerdicts(judgeRecord(record({}, { LPCR: lpcr }), {}), { issues, facts }).get('LPCR');

const DIFFERS = { answer: 'differs', kvm: '0x1', guest: '0x0' } as const;
const AGREES = { answer: 'agrees' } as const;

test('a register that only does what it should works, in every aspect that was asked', () => {
  expect(verdict(row('exact'))).toEqual({
    kind: 'works',
    aspects: {
      'round-trip': 'works',
      guest: 'untested',
      isolation: 'works',
      migration: 'untested',
    },
    issues: [],
  });
  const asked = row('exact', {
    guest: { read: AGREES, write: AGREES },
    migrates: { answer: 'kept' },
  });
  expect(verdict(asked)?.aspects).toEqual({
    ...{ 'round-trip': 'works', guest: 'works', isolation: 'works', migration: 'works' },
  });
});

test('the verdict is the worst aspect: an exact round trip that the guest does not see is a kernel bug', () => {
  const seen = verdict(row('exact', { guest: { read: DIFFERS, write: AGREES } }), {
    issues: [issue({})],
  });
  expect(seen).toEqual({
    kind: 'kernel',
    aspects: { 'round-trip': 'works', guest: 'kernel', isolation: 'works', migration: 'untested' },
    issues: ['of-lpcr'],
  });
});

test('each cause has its own verdict, and one without a cause is unexplained', () => {
  const differs = row('exact', { guest: { read: DIFFERS, write: DIFFERS } });
  const causes = (['kernel', 'configuration', 'emulator', 'design'] as const).map(
    (cause) => verdict(differs, { issues: [issue({ cause })] })?.kind,
  );
  expect(causes).toEqual(['kernel', 'configuration', 'emulator', 'design']);
  expect(verdict(differs)?.kind).toBe('unexplained');
});

test('a round trip that is meant to differ is by design, and one that nothing explains is unexplained', () => {
  const why = { why: 'kept by the hypervisor', source: 'arch/powerpc/kvm/book3s_hv.c: set' };
  const facts = factsWith([{ support: 'masked', ...why }]);
  expect(verdict(row('masked'), { facts })?.kind).toBe('design');
  expect(verdict(row('masked'))?.kind).toBe('unexplained');
});

test('what the kernel was built without is the configuration’s, and what is only absent is absent', () => {
  const why = { why: 'built without it', source: 'arch/powerpc/kvm/book3s_hv.c: get' };
  const leftOut = factsWith([{ support: 'absent', cause: 'configuration', ...why }]);
  expect(verdict(row('absent'), { facts: leftOut })?.kind).toBe('configuration');
  expect(verdict(row('absent'), { facts: factsWith([{ support: 'absent', ...why }]) })?.kind).toBe(
    'absent',
  );
  expect(verdict(row('absent'))?.kind).toBe('absent');
});

test('a register that the processor lacks is kept for ONE_REG alone, whoever found that', () => {
  const ignored = {
    read: { answer: 'not-accessible', why: IGNORED_READ },
    write: { answer: 'not-accessible', why: IGNORED_WRITE },
  } as const;
  expect(verdict(row('exact', { guest: ignored }))?.kind).toBe('stored');
  const nobodys = factsWith([], {
    by: 'nothing',
    why: 'no processor has it',
    processorLacks: true,
  });
  expect(verdict(row('exact'), { facts: nobodys })?.kind).toBe('stored');
  const differs = row('exact', { guest: { read: DIFFERS, write: DIFFERS } });
  const issues = [issue({ cause: 'emulator', processorLacks: true })];
  expect(verdict(differs, { issues })?.kind).toBe('stored');
  const lost = row('lost', { guest: ignored });
  expect(verdict(lost, { issues: [issue({ rule: 'put-lost' })] })?.kind).toBe('kernel');
});

test('a loss by migration is whose the round trip’s is where the rules leave it to that', () => {
  const lost = row('lost', { migrates: { answer: 'changed', saved: '0x1', restored: '0x0' } });
  const issues = [issue({ rule: 'put-lost' })];
  expect(verdict(lost, { issues })?.aspects.migration).toBe('kernel');
  const changed = row('exact', { migrates: { answer: 'refused', saved: '0x1', errno: 'EINVAL' } });
  expect(verdict(changed)?.aspects.migration).toBe('unexplained');
});

test('no answer is no verdict on the kernel', () => {
  expect(verdict(row('untested'))?.kind).toBe('untested');
  expect(verdict(row('error'))?.kind).toBe('error');
});

test('kinds are counted from the worst on, and each has a sign of its own', () => {
  expect(worstOf(['works', 'design', 'kernel', 'stored'])).toBe('kernel');
  expect(kindsText(countKinds(['works', 'kernel', 'works', 'emulator']))).toBe(
    '1 kernel bug, 1 emulator, 2 works',
  );
  expect(kindsText(new Map())).toBe('nothing asked');
  expect(new Set(VERDICT_KINDS.map((kind) => VERDICTS[kind].sign)).size).toBe(VERDICT_KINDS.length);
});
