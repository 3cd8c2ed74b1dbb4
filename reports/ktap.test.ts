import { expect, test } from '@playwright/test';
import { Parser } from 'tap-parser';
import { record, row } from '../harness/record/record.fixture.js';
import { writeKtap } from './ktap.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED, withHostile } from './testing/judged-feeds.js';

test('KTAP has a test for each cell, with its groups and registers below it', () => {
  expect(writeKtap(SMALL_FEED)).toBe(`KTAP version 1
1..2
  KTAP version 1
  # Subtest: debian-6.1/powernv9
  1..1
    KTAP version 1
    # Subtest: debug
    1..3
    ok 1 LPCR
    ok 2 DSCR # XFAIL dscr-put-lost
    ok 3 DABR
  ok 1 debug
ok 1 debian-6.1/powernv9
  KTAP version 1
  # Subtest: debian-6.12/powernv9
  1..1
    KTAP version 1
    # Subtest: debug
    1..3
    # LPCR on debian-6.12/powernv9: expected exact, writable 0xffffffffffffffff (exact since debian-6.1), got masked, writable 0x3333333333333333 [baseline]
    # again: npm test -- --kernel=debian-6.12 --platform=powernv9 --register=LPCR
    not ok 1 LPCR
    ok 2 DSCR
    ok 3 DABR
  not ok 1 debug
not ok 2 debian-6.12/powernv9
`);
});

test('what was not asked is skipped, what the harness failed at is an error', () => {
  const text = writeKtap(
    judgedFeedOf([
      record({}, { LPCR: row('error', { note: 'no answer' }), DSCR: row('untested') }),
    ]),
  );
  expect(text).toContain('not ok 1 LPCR # ERROR no answer\n');
  expect(text).toContain('ok 2 DSCR # SKIP not asked\n');
  expect(text).toContain('\nnot ok 1 debian-6.1/powernv9\n');
});

test('a hostile check that deviates stands in a group of its own', () => {
  const text = writeKtap(judgedFeedOf([withHostile(record())]));
  expect(text).toMatch(/^ {4}not ok 1 race$/m);
  expect(text).toMatch(/^ {2}not ok \d hostile calls$/m);
});

test("a kernel's text breaks no line and begins no directive", () => {
  const note = `${HOSTILE}\nnot ok 1 x # SKIP`;
  const text = writeKtap(judgedFeedOf([record({}, { LPCR: row('error', { note }) })]));
  const lines = text.split('\n').filter((line) => line.includes('LPCR'));
  expect(lines).toEqual([
    `    not ok 1 LPCR # ERROR ${note.replaceAll(/[^ -~]/g, ' ').replaceAll('#', '\\#')}`,
  ]);
});

test('a parser of TAP takes it: as many tests as cells', () => {
  const parser = new Parser();
  parser.end(writeKtap(SMALL_FEED));
  expect(parser.results).toMatchObject({ count: 2, pass: 1, fail: 1, plan: { start: 1, end: 2 } });
});
