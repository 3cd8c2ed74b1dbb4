import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { VERDICTS } from '../harness/judge/verdict/verdict-kinds.js';
import { knownIssueText, verdictLines } from '../harness/judge/verdict/verdict-text.js';
import type { Feed, FeedAnswer, FeedCell, FeedVerdict } from './feed.js';
import type { CheckOutcome } from './feed-checks.js';
import { checkOutcomes } from './feed-checks.js';
import {
  testRecordAgain,
  answersOf,
  cellNameOf,
  deviationTextsOf,
  issuesOf,
  verdictOf,
} from './feed-names.js';
import { asRow } from './model/matrix.js';

/** One test: a register of a cell, or a check of it, with how it ended. */
interface Outcome {
  readonly name: string;
  /** Undefined for a check. */
  readonly register: string | undefined;
  readonly kind: FeedVerdict['kind'];
  /** What the harness failed at. */
  readonly fault?: string | undefined;
  readonly failures: readonly string[];
  /** What was answered, and the known issues behind it: lines. */
  readonly output: readonly string[];
}

/**
 * JUnit's XML as Jenkins and GitLab read it: a suite for each cell, a test for each register and for each hostile
 * check, whose output is its verdict, what round trip, guest, isolation and migration answered, and the text of
 * the known issues behind it. A deviation is a failure; a row that the harness failed at is an error; one that was
 * not asked is skipped. Characters that XML does not have become U+FFFD.
 */
export function writeJunit(feed: Feed): string {
  const suites = feed.cells.map((cell, index) => ({
    cell,
    outcomes: [
      ...answersOf(feed, cell).map(({ register, answer }) =>
        registerOutcome(feed, index, register, answer),
      ),
      ...checkOutcomes(feed, index).map(checkTest),
    ],
  }));
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\ufffd' });
  const { tests, failures, errors } = countsOf(suites.flatMap(({ outcomes }) => outcomes));
  const root = document.ele('testsuites', { name: 'sprmatrix', tests, failures, errors });
  for (const { cell, outcomes } of suites) addSuite(root, feed, cell, outcomes);
  return `${root.end({ prettyPrint: true })}\n`;
}

function registerOutcome(feed: Feed, cell: number, register: number, answer: FeedAnswer): Outcome {
  const name = feed.registers[register]?.name ?? '';
  const verdict = verdictOf(feed, answer);
  const failures = deviationTextsOf(feed, cell, register);
  return {
    ...{ name, register: name, kind: verdict.kind, failures },
    ...(answer.support === 'error' ? { fault: answer.note ?? 'the harness failed' } : {}),
    output: verdictLines(asRow(answer), verdict, issuesOf(feed, answer)),
  };
}

function checkTest({ name, isHostile, kind, text, issues, deviations }: CheckOutcome): Outcome {
  return {
    ...{ name: `${isHostile ? 'hostile' : 'check'} ${name}`, register: undefined, kind },
    failures: deviations,
    output: [`verdict: ${VERDICTS[kind].name}`, `calls: ${text}`, ...issues.map(knownIssueText)],
  };
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
  for (const { name: testName, register, kind, fault, failures, output } of outcomes) {
    const test = suite.ele('testcase', { name: testName, classname, time: '0' });
    if (fault !== undefined) {
      test.ele('error', { type: 'harness', message: fault });
    } else if (failures.length > 0) {
      test
        .ele('failure', { type: 'deviation', message: failures.join('; ') })
        .txt(`${failures.join('\n')}\nagain: ${testRecordAgain(feed, cell, register)}`);
    } else if (kind === 'untested') {
      test.ele('skipped', { message: 'not asked' });
      continue;
    }
    test.ele('system-out').txt(output.join('\n'));
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
  return {
    tests: outcomes.length,
    failures: count(({ fault, failures }) => fault === undefined && failures.length > 0),
    errors: count(({ fault }) => fault !== undefined),
    skipped: count(
      ({ fault, failures, kind }) =>
        fault === undefined && failures.length === 0 && kind === 'untested',
    ),
  };
}
