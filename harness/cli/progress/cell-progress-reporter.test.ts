import type { Suite, TestCase } from '@playwright/test/reporter';
import { expect, test } from '@playwright/test';
import type { NamedCell } from '../../cell/cell.js';
import CellProgressReporter from './cell-progress-reporter.js';

/** A project with two tests, as a reporter sees it. */
function projectSuite(name: string): { suite: Suite; tests: TestCase[] } {
  const tests: TestCase[] = [];
  const file = { tests, project: () => ({ name }) };
  for (let index = 0; index < 2; index += 1) tests.push({ parent: file } as unknown as TestCase);
  const suite = { project: () => ({ name }), allTests: () => tests };
  return { suite: suite as unknown as Suite, tests };
}

const cellOn = (platform: string): NamedCell => ({
  kernel: { id: 'debian-6.1' },
  platform: { id: platform },
});

test('each cell that ended says what is done, running and left; other tests are no cells', () => {
  const printed: string[] = [];
  let now = 0;
  const names = ['debian-6.1/powernv9', 'debian-6.1/powernv8', 'debian-6.1/powernv10'] as const;
  const reporter = new CellProgressReporter({
    plan: {
      cells: ['powernv8', 'powernv9', 'powernv10', 'powernv11'].map(cellOn),
      expectedMs: { [names[0]]: 4000, [names[1]]: 3000, [names[2]]: 2000, 'in/another': 99_000 },
    },
    print: (text) => printed.push(text),
    now: () => now,
  });
  const unit = projectSuite('unit');
  const [first, second, third] = names.map(projectSuite);
  const all = [unit, first, second, third].flatMap((project) => project ?? []);
  const root = { suites: all.map(({ suite }) => suite) } as Suite;
  reporter.onBegin({ workers: 1 }, root);
  const run = (tests: readonly TestCase[] = [], ms: number, status: 'passed' | 'failed'): void => {
    for (const [index, one] of tests.entries()) {
      reporter.onTestBegin(one);
      if (index === 0) now += ms;
      reporter.onTestEnd(one, { status });
    }
  };
  run(unit.tests, 1000, 'passed');
  run(first?.tests, 8000, 'passed');
  run(second?.tests, 500, 'failed');
  run(third?.tests, 4000, 'passed');
  expect(printed).toEqual([
    'debian-6.1/powernv9 in 8.0 s; 1 of 3 cells done, 0 running, 2 left, about 10 s to go',
    'debian-6.1/powernv8 in 0.5 s; 2 of 3 cells done, 0 running, 1 left, about 4 s to go',
    'debian-6.1/powernv10 in 4.0 s; 3 of 3 cells done',
  ]);
});

test('without a plan there is nothing to say', () => {
  const printed: string[] = [];
  const reporter = new CellProgressReporter({ print: (text) => printed.push(text) });
  const { suite, tests } = projectSuite('unit');
  reporter.onBegin({ workers: 2 }, { suites: [suite] } as Suite);
  for (const one of tests) {
    reporter.onTestBegin(one);
    reporter.onTestEnd(one, { status: 'passed' });
  }
  expect(printed).toEqual([]);
});
