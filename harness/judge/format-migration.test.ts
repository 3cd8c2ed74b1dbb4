import { expect, test } from '@playwright/test';
import { formatMigration, migrationDeviations } from './format-migration.js';
import type { KnownIssue } from './known-issues.js';
import { migrateAgain } from '../record/again-command.js';
import { lossText } from '../record/loss-text.js';
import type { Loss, MigrationAnswer } from '../record/migration-answer.js';
import { record } from '../record/record.fixture.js';

const value = (digit: number): string => `0x000000000000000${digit}`;
const [ONE, TWO, THREE] = [value(1), value(2), value(3)] as const;
const UNKNOWN: Loss = {
  ...{ register: 'DEXCR', how: 'unknown' },
  ...{ errno: 'EINVAL', saved: ONE },
};
const MASKED: Loss = {
  ...{ register: 'PSSCR', how: 'masked' },
  ...{ saved: ONE, restored: TWO, mask: THREE },
};
const SEEN: Loss = {
  ...{ register: 'VSCR', how: 'guest' },
  ...{ guest: 'differs', before: ONE, after: TWO },
};

test('each way to lose a register has its words', () => {
  expect(lossText(UNKNOWN)).toBe(`unknown id, the target refuses it with EINVAL; ${ONE} was saved`);
  const refused: Loss = { register: 'X', how: 'refused', errno: 'EPERM', saved: ONE };
  expect(lossText(refused)).toBe(`refused value, ${ONE}, with EPERM`);
  expect(lossText(MASKED)).toBe(`masked bits ${THREE}, ${ONE} became ${TWO}`);
  expect(lossText({ register: 'VTB', how: 'masked' })).toBe(
    'a value that counts was saved and another value is there',
  );
  expect(lossText(SEEN)).toBe(`the guest read ${ONE} before and reads ${TWO}`);
  expect(lossText({ ...UNKNOWN, guest: 'traps', vector: '0xf60' })).toBe(
    `${lossText(UNKNOWN)}; the guest traps to 0xf60 when it reads it`,
  );
  expect(lossText({ register: 'TAR', how: 'guest', guest: 'untested' })).toBe(
    'the guest stops when it reads it',
  );
  expect(lossText({ register: 'TAR', how: 'guest', guest: 'not-accessible' })).toBe(
    'the guest reads it and the processor ignores that',
  );
  expect(lossText({ register: 'IC', how: 'guest', guest: 'differs' })).toBe(
    'the guest read a count before and reads another value',
  );
});

const issue = (id: string, register: string, cause: KnownIssue['cause']): KnownIssue => ({
  ...{ id, registers: [register], kernels: ['*'], platforms: ['*'], rule: 'migrates' },
  ...{ cause, what: `what ${id} is.`, source: 'somewhere' },
});

const answer = (lost: readonly Loss[], kept = 100): MigrationAnswer => ({
  from: { kernel: 'build-6.1', platform: 'powernv9' },
  to: { kernel: 'debian-6.12', platform: 'powernv9' },
  ...{ kept, lost },
});

const NOTHING = { issues: [], facts: new Map() };

test('a migration says whose its losses are, with their known issues, the emulator’s last', () => {
  const issues = [
    issue('no-823', 'PSSCR', 'emulator'),
    issue('word', 'VSCR', 'kernel'),
    { ...issue('elsewhere', 'DEXCR', 'design'), platforms: ['powernv8'] as [string] },
    { ...issue('of-a-test', 'DEXCR', 'design'), rule: 'baseline' as const },
  ];
  const context = { ...NOTHING, issues, from: record() };
  expect(formatMigration(answer([MASKED, SEEN, UNKNOWN]), context))
    .toBe(`build-6.1 to debian-6.12 on powernv9: 3 of 103 registers are lost: 2 kernel, 0 configuration, 1 QEMU
  kernel bug:
    VSCR: the guest read ${ONE} before and reads ${TWO}
      known issue word: what word is.
    DEXCR: unknown id, the target refuses it with EINVAL; ${ONE} was saved
  in QEMU alone:
    PSSCR: masked bits ${THREE}, ${ONE} became ${TWO}
      known issue no-823: what no-823 is.`);
});

test('nothing lost is one line; numbered registers that are unknown are one together', () => {
  expect(formatMigration(answer([]), NOTHING)).toBe(
    'build-6.1 to debian-6.12 on powernv9: nothing of 100 registers is lost',
  );
  const numbered = ['TM_GPR0', 'TM_GPR1', 'TM_GPR2', 'TM_VSR5', 'TM_CR'].map((register) => ({
    ...UNKNOWN,
    register,
  }));
  expect(formatMigration(answer(numbered), NOTHING)).toBe(
    `build-6.1 to debian-6.12 on powernv9: 5 of 105 registers are lost: 5 kernel, 0 configuration, 0 QEMU
  kernel bug:
    TM_GPR0-2: unknown ids, the target refuses them with EINVAL
    TM_VSR5: unknown id, the target refuses it with EINVAL; ${ONE} was saved
    TM_CR: unknown id, the target refuses it with EINVAL; ${ONE} was saved`,
  );
});

test('what differs from the baseline is reported register by register', () => {
  expect(migrationDeviations(answer([UNKNOWN]), answer([UNKNOWN]))).toEqual([]);
  const texts = (...args: Parameters<typeof migrationDeviations>): string[] =>
    migrationDeviations(...args).map(({ text }) => text);
  expect(texts(answer([UNKNOWN, MASKED]), answer([SEEN, UNKNOWN]))).toEqual([
    `VSCR from build-6.1 to debian-6.12 on powernv9: expected ${lossText(SEEN)}, got kept [baseline]`,
    `PSSCR from build-6.1 to debian-6.12 on powernv9: expected kept, got ${lossText(MASKED)} [baseline]`,
  ]);
  expect(texts(answer([], 99), answer([]))).toEqual([
    'build-6.1 to debian-6.12 on powernv9: expected 100 registers kept, got 99 [baseline]',
  ]);
});

test('a migration is tried again by one command, on one platform or between two', () => {
  expect(migrateAgain(answer([]))).toBe(
    'npx sprmatrix migrate --from=build-6.1 --to=debian-6.12 --platform=powernv9',
  );
  const between = { ...answer([]), to: { kernel: 'debian-6.12', platform: 'powernv10' } };
  expect(migrateAgain(between)).toBe(
    'npx sprmatrix migrate --from=build-6.1 --to=debian-6.12 --platform=powernv9 --to-platform=powernv10',
  );
});
