import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { anyRecord, record, row } from './record.fixture.js';
import { formatCounts, summarizeGroups, summarizeRecord } from './summarize-record.js';

const mixed = record(
  {},
  {
    LPCR: row('masked'),
    DABR: row('absent'),
    MMCR0: row('exact', { group: 'pmu' }),
    MMCR1: row('absent', { group: 'pmu' }),
  },
);

test('a summary counts the registers of a cell by support', () => {
  const summary = summarizeRecord(mixed);
  expect(summary).toMatchObject({
    cell: 'debian-6.1/powernv9',
    total: 4,
    counts: { exact: 1, masked: 1, absent: 2, lost: 0 },
  });
  expect(formatCounts(summary)).toBe('1 exact, 1 masked, 2 absent');
  expect(formatCounts(summarizeRecord(record({}, {})))).toBe('no registers');
});

test('each group has a summary of its own', () => {
  const groups = [...summarizeGroups(mixed)].map(([name, summary]) => [
    name,
    formatCounts(summary),
  ]);
  expect(groups).toEqual([
    ['debug', '1 masked, 1 absent'],
    ['pmu', '1 exact, 1 absent'],
  ]);
});

test('counts add up to the number of registers, in the whole and over the groups', () => {
  fc.assert(
    fc.property(anyRecord, (any) => {
      const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
      const { counts, total } = summarizeRecord(any);
      expect(sum(Object.values(counts))).toBe(total);
      expect(sum([...summarizeGroups(any).values()].map((group) => group.total))).toBe(total);
    }),
  );
});
