import { expect, test } from '@playwright/test';
import { record, row } from '../harness/record/record.fixture.js';
import { kernelBadges } from './badge.js';
import { judgedFeedOf, SMALL_FEED } from './testing/judged-feeds.js';

const titles = (...badges: ReturnType<typeof kernelBadges>): (string | undefined)[] =>
  badges.map(({ svg }) => /<title>(.*)<\/title>/.exec(svg)?.[1]);
const RED = '#dd4343';

test('a kernel has a badge with how many of its registers are exact, masked, lost', () => {
  const badges = kernelBadges(SMALL_FEED);
  expect(badges.map(({ file }) => file)).toEqual([
    'one-reg-debian-6.1.svg',
    'one-reg-debian-6.12.svg',
  ]);
  expect(titles(...badges)).toEqual([
    'ONE_REG 6.1: 1 exact, 0 masked, 1 lost',
    'ONE_REG 6.12: 2 exact, 1 masked, 0 lost',
  ]);
  expect(badges.map(({ svg }) => svg.includes(RED))).toEqual([true, true]);
});

test('a register counts once, by the worst of the platforms that have it', () => {
  const good = record(
    { platform: 'powernv8' },
    { LPCR: row('exact'), DSCR: row('exact'), DABR: row('absent') },
  );
  const other = record({}, { LPCR: row('masked'), DSCR: row('absent'), DABR: row('restricted') });
  const badges = kernelBadges(judgedFeedOf([good, other]));
  expect(titles(...badges)).toEqual(['ONE_REG 6.1: 1 exact, 1 masked, 0 lost, 1 other']);
  expect(badges[0]?.svg.includes(RED)).toBe(false);
});

test('a kernel of which nothing was asked has no badge', () => {
  expect(kernelBadges(judgedFeedOf([record({}, { LPCR: row('untested') })]))).toEqual([]);
});
