import { expect, test } from '@playwright/test';
import { record, row } from '../../record/record.fixture.js';
import { parseRegisterFacts } from '../../record/register-facts.js';
import { judgeRegisters } from './judge-registers.js';

const why = {
  support: 'absent',
  errno: 'EINVAL',
  cause: 'configuration',
  why: 'x',
  source: 'arch/powerpc/kvm/book3s.c: f',
};
const facts = parseRegisterFacts(
  JSON.stringify({
    registers: [
      {
        ...{ name: 'LPCR', what: 'A register.', origin: 'Power ISA', since: { in: '3.18' } },
        ...{ guest: { by: 'spr' }, byDesign: [why] },
      },
    ],
  }),
  'registers.json',
);

async function verdictOf(kernel: string): Promise<string | undefined> {
  const baseline = record({ kernel: 'debian-6.1', release: '6.1.0' }, { LPCR: row('exact') });
  const own = record({ kernel, release: '6.12.0' }, { LPCR: row('absent') });
  const another = { ...own, kernel: { ...own.kernel, sha256: 'f'.repeat(64) } };
  const { verdicts } = await judgeRegisters(another, [baseline], { facts, issues: [] });
  return verdicts.get('LPCR')?.kind;
}

test('what a user’s own kernel is configured without is its configuration’s, and Debian’s is news', async () => {
  expect(await verdictOf('file-6.12-1234')).toBe('configuration');
  expect(await verdictOf('debian-6.12')).toBe('unexplained');
});
