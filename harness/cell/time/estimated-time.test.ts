import { expect, test } from '@playwright/test';
import { readCellTimes } from './cell-times.js';
import { RemainingTime } from './remaining-time.js';

/*
 * Runs on other machines than the one whose times are recorded: matrix/cell-times.json is replayed with
 * its times distorted, and from a quarter of a run on the whole time that is estimated must be right.
 */
type Distortion = (cell: string, ms: number, random: () => number) => number;
type Times = readonly (readonly [cell: string, ms: number])[];

const TOLERANCE = 0.25;
const recorded: Times = Object.entries(readCellTimes());
const lengths = recorded.map(([, ms]) => ms);
const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];

/** Times `short` for the shortest cell to `long` for the longest. */
const byLength =
  (short: number, long: number): Distortion =>
  (_, ms) =>
    ms * (short + ((long - short) * (ms - shortest)) / (longest - shortest));

const DISTORTIONS: Readonly<Record<string, Distortion>> = {
  'the machine of the recorded times': (_, ms) => ms,
  'a faster machine': (_, ms) => 0.6 * ms,
  'a machine that is half as fast': (_, ms) => 2 * ms,
  'one where long cells gain most': byLength(0.9, 0.4),
  'one where short cells gain most': byLength(0.4, 0.9),
  'one where long cells lose most': byLength(1, 2),
  'one that something else runs on': (_, ms, random) => ms * (0.6 + 0.8 * random()),
  'a faster one with noise': (_, ms, random) => ms * (0.4 + 0.5 * random()),
  'one that boots much faster': (_, ms, random) => 700 + 0.15 * ms + 200 * random(),
  'one where pseries gains most': (cell, ms) => ms * (cell.includes('pseries') ? 0.4 : 0.8),
  'one where powernv gains most': (cell, ms) => ms * (cell.includes('pseries') ? 0.9 : 0.45),
  'one where cells of packages gain': (cell, ms) => ms * (cell.startsWith('debian') ? 0.5 : 0.9),
};

for (const [machine, distort] of Object.entries(DISTORTIONS)) {
  test(`on ${machine} the time estimated is right within 25 % from a quarter of the run on`, () => {
    for (const jobs of [1, 2, 4]) {
      for (const seed of [1, 2, 3]) {
        const random = seededRandom(seed);
        const taken = recorded.map(([cell, ms]) => [cell, distort(cell, ms, random)] as const);
        const { worst, atShare } = replay(taken, jobs);
        const what = `${jobs} jobs, seed ${seed}: off by ${worst.toFixed(2)} at ${atShare.toFixed(2)}`;
        expect(Math.abs(worst), what).toBeLessThan(TOLERANCE);
      }
    }
  });
}

/** The greatest error of the whole time estimated at any cell's end, in parts, and where it was. */
function replay(taken: Times, jobs: number): { worst: number; atShare: number } {
  const expected = new Map(recorded);
  const order = taken.toSorted(([a], [b]) => (expected.get(b) ?? 0) - (expected.get(a) ?? 0));
  const remaining = new RemainingTime(expected, jobs);
  const slots = Array.from({ length: jobs }, () => 0);
  const runs = order.map(([cell, ms]) => {
    const free = slots.indexOf(Math.min(...slots));
    const start = slots[free] ?? 0;
    slots[free] = start + ms;
    return { cell, start, end: start + ms };
  });
  const totalMs = Math.max(...slots);
  const moments = runs
    .flatMap(({ cell, start, end }) => [
      { cell, at: start, isEnd: false },
      { cell, at: end, isEnd: true },
    ])
    // A cell ends before the next one starts in its place.
    .sort((a, b) => a.at - b.at || Number(b.isEnd) - Number(a.isEnd));
  let [worst, atShare] = [0, 0];
  for (const { cell, at, isEnd } of moments) {
    if (isEnd) remaining.ended(cell, at);
    else remaining.started(cell, at);
    const error = (at + remaining.leftMs(at)) / totalMs - 1;
    if (at < totalMs / 4 || Math.abs(error) <= Math.abs(worst)) continue;
    [worst, atShare] = [error, at / totalMs];
  }
  return { worst, atShare };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
