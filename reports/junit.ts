import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { Feed, FeedAnswer, FeedCell } from './feed.js';
import { testAgain, answersOf, cellNameOf } from './feed-names.js';

/** One test: a register of a cell, or a hostile check that deviates, with how it ended. */
interface Outcome {
  readonly name: string;
  /** Undefined for a hostile check. */
  readonly answer: FeedAnswer | undefined;
  readonly failures: readonly string[];
}

/**
 * JUnit's XML as Jenkins and GitLab read it: a suite for each cell, a test for each register, and one
 * for each hostile check that deviates. A deviation is a failure; a row that the harness failed at is an error; one that was not asked is
 * skipped. Characters that XML does not have become U+FFFD.
 */
export function writeJunit(feed: Feed): string {
  const suites = feed.cells.map((cell, index) => ({
    cell,
    outcomes: [
      ...answersOf(feed, cell).map(({ register, answer }): Outcome => ({
        name: feed.registers[register]?.name ?? '',
        answer,
        failures: feed.deviations
          .filter((deviation) => deviation.cell === index && deviation.register === register)
          .map(({ message }) => message),
      })),
      ...checkOutcomes(feed, index),
    ],
  }));
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\ufffd' });
  const { tests, failures, errors } = countsOf(suites.flatMap(({ outcomes }) => outcomes));
  const root = document.ele('testsuites', { name: 'sprmatrix', tests, failures, errors });
  for (const { cell, outcomes } of suites) addSuite(root, feed, cell, outcomes);
  return `${root.end({ prettyPrint: true })}\n`;
}

function checkOutcomes(feed: Feed, cell: number): Outcome[] {
  return feed.deviations.flatMap(({ check, message, ...found }) =>
    found.cell === cell && check !== undefined
      ? [{ name: `hostile ${check}`, answer: undefined, failures: [message] }]
      : [],
  );
}

function addSuite(
  root: XMLBuilder,
  feed: Feed,
  cell: FeedCell,
  outcomes: readonly Outcome[],
): void {
  const name = cellNameOf(feed, cell);
  const ms = Object.values(cell.timings ?? {}).reduce((sum, phase) => sum + phase, 0);
  const suite = root.ele('testsuite', {
    name,
    ...countsOf(outcomes),
    time: (ms / 1000).toFixed(3),
  });
  const properties = suite.ele('properties');
  for (const [property, value] of [
    ['kernel release', cell.image.release],
    ['kernel version', cell.image.version],
    ['kernel sha256', cell.image.sha256],
    ['qemu', cell.machine.qemu],
    ['machine', cell.machine.machine],
    ['cpu', cell.machine.cpu],
  ]) {
    properties.ele('property', { name: property ?? '', value: value ?? '' });
  }
  // Jenkins makes a package of what stands before the last dot: the ids have dots of their own.
  const classname = `sprmatrix.${name.replaceAll('.', '_').replace('/', '.')}`;
  for (const { name: testName, answer, failures } of outcomes) {
    const test = suite.ele('testcase', { name: testName, classname, time: '0' });
    if (answer?.support === 'error') {
      test.ele('error', { type: 'harness', message: answer.note ?? 'the harness failed' });
    } else if (failures.length > 0) {
      test
        .ele('failure', { type: 'deviation', message: failures.join('; ') })
        .txt(`${failures.join('\n')}\nagain: ${testAgain(feed, cell, answer && testName)}`);
    } else if (answer?.support === 'untested') {
      test.ele('skipped', { message: 'not asked' });
    } else {
      test.ele('system-out').txt(answer?.support ?? 'ok');
    }
  }
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function countsOf(outcomes: readonly Outcome[]): Counts {
  const count = (isCounted: (outcome: Outcome) => boolean): number =>
    outcomes.filter(isCounted).length;
  const isError = ({ answer }: Outcome): boolean => answer?.support === 'error';
  return {
    tests: outcomes.length,
    failures: count((outcome) => !isError(outcome) && outcome.failures.length > 0),
    errors: count(isError),
    skipped: count(
      ({ answer, failures }) => answer?.support === 'untested' && failures.length === 0,
    ),
  };
}
