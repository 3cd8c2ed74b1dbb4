import { expect, test } from '@playwright/test';
import { judged } from './figure.js';
import { readTimeLine, timeLineRows } from './time-line-spans.js';

const named = (tid: number, name: string): object => ({
  ...{ ph: 'M', name: 'thread_name', pid: 0, tid },
  args: { name },
});
const spanning = (tid: number, name: string, ts: number, dur: number): object => ({
  ...{ ph: 'X', name, pid: 0, tid, ts, dur },
});
const TRACE = JSON.stringify({
  traceEvents: [
    ...[named(0, 'phase'), named(1, 'agent'), named(2, 'machine')],
    spanning(0, 'registers', 1_000_000, 300_000),
    // Two that overlap, and one that ends in the next phase.
    ...[spanning(1, 'EXECUTE', 1_010_000, 20_000), spanning(1, 'EXECUTE', 1_020_000, 30_000)],
    spanning(1, 'EXECUTE', 1_290_000, 20_000),
    spanning(0, 'guest', 1_300_000, 100_000),
    spanning(2, 'boot', 200_000, 800_000),
  ],
});

test('a time line has the spans in their order, with the requests that were under way in each', () => {
  expect(readTimeLine(TRACE)).toEqual([
    { lane: 'machine', name: 'boot', fromMs: 200, toMs: 1000, requests: 0, requestsMs: 0 },
    { lane: 'phase', name: 'registers', fromMs: 1000, toMs: 1300, requests: 3, requestsMs: 50 },
    { lane: 'phase', name: 'guest', fromMs: 1300, toMs: 1400, requests: 1, requestsMs: 10 },
  ]);
});

test('a time line is shown with a row of each span, and figures without one have none', () => {
  const figure = (details: Record<string, unknown>): ReturnType<typeof judged> =>
    judged({ name: 'it', aim: undefined, value: 1, unit: 'ms', details });
  const spans = readTimeLine(TRACE);
  expect(
    timeLineRows([figure({}), figure({ timeLine: 'cold', cell: 'debian-6.1/powernv9', spans })]),
  ).toEqual({
    head: ['time line', 'what', 'from', 'to', 'requests', 'of them'],
    rows: [
      ['cold, debian-6.1/powernv9', 'machine: boot', '200 ms', '1000 ms', '', ''],
      ['cold, debian-6.1/powernv9', 'phase: registers', '1000 ms', '1300 ms', '3', '50 ms'],
      ['cold, debian-6.1/powernv9', 'phase: guest', '1300 ms', '1400 ms', '1', '10 ms'],
    ],
  });
});
