import { expect, test } from '@playwright/test';
import { row } from '../../record/record.fixture.js';
import type { VerdictKind } from './verdict-kinds.js';
import { verdictLines } from './verdict-text.js';

const aspectsOf = (
  ...[roundTrip, guest, isolation, migration]: [VerdictKind, VerdictKind, VerdictKind, VerdictKind]
): Parameters<typeof verdictLines>[1]['aspects'] => ({
  'round-trip': roundTrip,
  ...{ guest, isolation, migration },
});

test('a verdict is reported with what each aspect answered, and with the known issues behind it', () => {
  const vscr = row('exact', {
    guest: {
      read: { answer: 'differs', kvm: '0x1', guest: '0x0' },
      write: { answer: 'agrees' },
    },
    victims: ['DSCR'],
    migrates: { answer: 'kept' },
  });
  const aspects = aspectsOf('works', 'kernel', 'unexplained', 'works');
  const issue = (id: string): Parameters<typeof verdictLines>[2][number] => ({
    ...{ id, cause: 'kernel', what: 'another word.', source: 'kvm_book3s.h', fix: 'f'.repeat(40) },
  });
  expect(
    verdictLines(vscr, { kind: 'unexplained', aspects, issues: ['of-vscr'] }, [
      issue('of-vscr'),
      issue('of-another'),
    ]),
  ).toEqual([
    'verdict: unexplained',
    'round trip: works (exact)',
    'guest: kernel bug (read differs (KVM 0x1, guest 0x0), write agrees)',
    'isolation: unexplained (changes DSCR)',
    'migration: works (kept)',
    'known issue of-vscr (kernel): another word. In: kvm_book3s.h; fixed by ffffffffffff',
  ]);
});

test('what was not asked has no line', () => {
  const aspects = aspectsOf('absent', 'untested', 'untested', 'untested');
  expect(
    verdictLines(
      row('absent', { get: 'EINVAL', put: 'EINVAL' }),
      { kind: 'absent', aspects, issues: [] },
      [],
    ),
  ).toEqual(['verdict: absent', 'round trip: absent (absent (EINVAL))']);
});
