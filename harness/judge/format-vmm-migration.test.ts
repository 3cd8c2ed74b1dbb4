import { expect, test } from '@playwright/test';
import type { Loss, MigrationAnswer, VmmAnswer } from '../record/migration-answer.js';
import { formatVmmMigration } from './format-vmm-migration.js';

const [ONE, TWO] = ['0x0000000000000001', '0x0000000000000002'] as const;
const masked = (register: string): Loss => ({
  ...{ register, how: 'masked' },
  ...{ saved: ONE, restored: TWO, mask: '0x0000000000000003' },
});
const answer = (lost: readonly Loss[]): MigrationAnswer => ({
  from: { kernel: '6.1', platform: 'powernv9' },
  to: { kernel: '6.12', platform: 'powernv9' },
  ...{ kept: 100 - lost.length, lost },
});
const vmm = (lost: VmmAnswer['lost'], refused: readonly string[] = []): VmmAnswer => ({
  ...{ name: 'QEMU 10.0', kept: 100 - lost.length, lost, refused },
});
const CONTEXT = { issues: [], facts: new Map() };

test('what each VMM loses alone, what both lose, and what is refused without a word', () => {
  const ours = [masked('PSSCR'), masked('VSCR'), masked('HIOR')];
  const theirs: VmmAnswer['lost'] = [
    { register: 'DEC_EXPIRY', how: 'not-put' },
    { register: 'TM_XER', how: 'not-put', saved: ONE, restored: TWO },
    { register: 'PSSCR', how: 'not-put', saved: ONE, restored: TWO },
    masked('VSCR'),
  ];
  const refused = ['DAR', 'TM_GPR0', 'TM_GPR1', 'TM_GPR2', 'TM_VSR9', 'TM_CR'];
  expect(formatVmmMigration(answer(ours), vmm(theirs, refused), CONTEXT).split('\n')).toEqual([
    '6.1 to 6.12 on powernv9: 4 of 100 registers are lost with QEMU 10.0, 3 with libsprsync',
    'lost with QEMU 10.0 alone: 2',
    '  DEC_EXPIRY: not put, a value that counts was saved',
    `  TM_XER: not put, ${ONE} was saved and ${TWO} is there`,
    'lost with libsprsync alone: 1',
    '  unexplained:',
    `    HIOR: masked bits 0x0000000000000003, ${ONE} became ${TWO}`,
    'lost with both: 2',
    '  unexplained:',
    `    PSSCR: masked bits 0x0000000000000003, ${ONE} became ${TWO}`,
    `    VSCR: masked bits 0x0000000000000003, ${ONE} became ${TWO}`,
    `  PSSCR with QEMU 10.0: not put, ${ONE} was saved and ${TWO} is there`,
    'refused, of which QEMU 10.0 says nothing: DAR, TM_GPR0-2, TM_VSR9, TM_CR',
  ]);
});

test('where nothing is lost, that is said', () => {
  expect(formatVmmMigration(answer([]), vmm([]), CONTEXT).split('\n')).toEqual([
    '6.1 to 6.12 on powernv9: 0 of 100 registers are lost with QEMU 10.0, 0 with libsprsync',
    'lost with QEMU 10.0 alone: nothing',
    'lost with libsprsync alone: nothing',
    'lost with both: nothing',
    'the target refused none of the puts of QEMU 10.0',
  ]);
});
