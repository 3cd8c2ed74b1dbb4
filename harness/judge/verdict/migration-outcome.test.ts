import { expect, test } from '@playwright/test';
import { record } from '../../record/record.fixture.js';
import { parseRegisterFacts } from '../../record/register-facts.js';
import type { Loss } from '../../record/migration-answer.js';
import type { KnownIssue } from '../known-issues.js';
import { countLosses, isLossFailure, lossCountsText } from './loss-counts.js';
import { judgeLosses, outcomeText } from './migration-outcome.js';

const FACTS = parseRegisterFacts(
  JSON.stringify({
    registers: ['DEXCR', 'TFHAR', 'PSSCR'].map((name) => ({
      ...{ name, what: 'A register.', origin: 'Power ISA', since: { in: '3.18' } },
      guest: { by: 'spr' },
      byDesign:
        name === 'TFHAR'
          ? [
              {
                ...{ support: 'absent', errno: 'EINVAL', cause: 'configuration' },
                ...{ why: 'built without it', source: 'arch/powerpc/kvm/book3s_hv.c: get' },
              },
            ]
          : [],
    })),
  }),
  'registers.json',
);

const issue = (register: string, changes: Partial<KnownIssue>): KnownIssue => ({
  ...{ id: `of-${register.toLowerCase()}`, registers: [register], kernels: ['*'] },
  ...{ platforms: ['*'], rule: 'migrates', cause: 'kernel', what: 'what.', source: 'where' },
  ...changes,
});

const loss = (register: string, how: Loss['how'] = 'masked'): Loss => ({ register, how });
const from = record({ kernel: 'debian-6.1' });
const to = record({ kernel: 'debian-6.12' });

test('a loss is the worst of what the known issues of either end say of it', () => {
  const issues = [
    issue('PSSCR', { id: 'in-qemu', cause: 'emulator' }),
    issue('PSSCR', { id: 'of-the-source', kernels: ['debian-6.1'] }),
    issue('PSSCR', { id: 'of-another', kernels: ['debian-7.2'], cause: 'configuration' }),
  ];
  const [judged] = judgeLosses([loss('PSSCR')], { issues, facts: FACTS, from, to });
  expect(judged?.cause).toBe('kernel');
  expect(judged?.issues.map(({ id }) => id)).toEqual(['in-qemu', 'of-the-source']);
  const [without] = judgeLosses([loss('PSSCR')], { issues, facts: FACTS, to });
  expect(without?.cause).toBe('emulator');
});

test('an id that the target does not know is the configuration’s where it can be left out, else the kernel’s', () => {
  const ofSource = issue('DEXCR', { kernels: ['debian-6.1'], cause: 'emulator' });
  const context = { issues: [ofSource], facts: FACTS, from, to };
  const causes = judgeLosses([loss('DEXCR', 'unknown'), loss('TFHAR', 'unknown')], context).map(
    ({ cause }) => cause,
  );
  expect(causes).toEqual(['kernel', 'configuration']);
});

test('a loss that nothing explains counts as the kernel’s', () => {
  const [judged] = judgeLosses([loss('DEXCR', 'refused')], { issues: [], facts: FACTS, from, to });
  expect(judged?.cause).toBe('unexplained');
  expect(countLosses(['unexplained'])).toEqual({
    ...{ kernel: 1, configuration: 0, emulator: 0, design: 0 },
  });
});

test('what is lost is reported by whose it is; the kernel’s and the configuration’s fail, QEMU’s only strictly', () => {
  const ofQemu = countLosses(['emulator', 'emulator']);
  expect(lossCountsText(ofQemu)).toBe('0 kernel, 0 configuration, 2 QEMU');
  expect([isLossFailure(ofQemu), isLossFailure(ofQemu, true)]).toEqual([false, true]);
  expect(isLossFailure(countLosses(['configuration']))).toBe(true);
  const meant = countLosses(['kernel', 'design']);
  expect(lossCountsText(meant)).toBe('1 kernel, 0 configuration, 0 QEMU, 1 by design');
  const answer = { from: from.cell, to: to.cell, kept: 98, lost: [] };
  expect(outcomeText(answer, meant)).toBe(
    'debian-6.1 to debian-6.12 on powernv9: 2 of 100 registers are lost: 1 kernel, 0 configuration, 0 QEMU, 1 by design',
  );
  expect(outcomeText(answer, countLosses([]))).toBe(
    'debian-6.1 to debian-6.12 on powernv9: nothing of 98 registers is lost',
  );
});
