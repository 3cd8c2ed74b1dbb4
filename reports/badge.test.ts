import { expect, test } from '@playwright/test';
import { record, row } from '../harness/record/record.fixture.js';
import type { Badge } from './badge.js';
import { kernelBadges } from './badge.js';
import { judgedFeedOf, SMALL_FEED } from './testing/judged-feeds.js';

const titles = (...badges: ReturnType<typeof kernelBadges>): (string | undefined)[] =>
  badges.map(({ svg }) => /<title>(.*)<\/title>/.exec(svg)?.[1]);
const [RED, ORANGE, GREEN] = ['#dd4343', '#ea7233', '#4b0'] as const;

/** Which of badge-maker's colours an image has. */
const colourOf = ({ svg }: Badge): string | undefined =>
  [RED, ORANGE, GREEN].find((colour) => svg.includes(colour));

test('a kernel has a badge with how many of its registers show a bug of it, and how many work', () => {
  const badges = kernelBadges(SMALL_FEED);
  expect(badges.map(({ file }) => file)).toEqual([
    'one-reg-debian-6.1.svg',
    'one-reg-debian-6.12.svg',
  ]);
  expect(titles(...badges)).toEqual([
    'ONE_REG debian-6.1: 1 kernel bug, 1 works',
    'ONE_REG debian-6.12: 1 unexplained, 0 kernel bugs, 2 work',
  ]);
  expect(badges.map(colourOf)).toEqual([ORANGE, RED]);
});

test('an exact round trip that a guest does not see is no register that works', () => {
  const differs = { answer: 'differs', kvm: '0x1', guest: '0x0' } as const;
  const unseen = row('exact', { guest: { read: differs, write: differs } });
  const badges = kernelBadges(judgedFeedOf([record({}, { LPCR: unseen })]));
  expect(titles(...badges)).toEqual(['ONE_REG debian-6.1: 1 unexplained, 0 kernel bugs, 0 work']);
});

test('a register counts once, by its worst verdict on the platforms that have it', () => {
  const good = record(
    { platform: 'powernv8' },
    { LPCR: row('exact'), DSCR: row('exact'), DABR: row('absent') },
  );
  const other = record({}, { LPCR: row('exact'), DSCR: row('lost'), DABR: row('absent') });
  const badges = kernelBadges(judgedFeedOf([good, other]));
  expect(titles(...badges)).toEqual(['ONE_REG debian-6.1: 1 kernel bug, 1 works']);
  expect(kernelBadges(judgedFeedOf([good])).map(colourOf)).toEqual([GREEN]);
});

test('a kernel of which nothing was asked has no badge', () => {
  expect(kernelBadges(judgedFeedOf([record({}, { LPCR: row('untested') })]))).toEqual([]);
});
