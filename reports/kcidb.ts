import { createHash } from 'node:crypto';
import type { Feed, FeedAnswer, FeedCell, FeedIssue } from './feed.js';
import {
  answersOf,
  cellNameOf,
  deviationTextsOf,
  kernelIdOf,
  testRecordAgain,
} from './feed-names.js';

/** The version of KCIDB's format that is written; its schema is kcidb_io/schema/v05_03.py of kernelci/kcidb-io. */
const VERSION = { major: 5, minor: 3 } as const;
/** The name of the CI system that submits, before the colon of every id. */
const ORIGIN = 'sprmatrix';
/** KCIDB's limit of an excerpt, characters. */
const EXCERPT_MAX = 16_384;

type Status = 'FAIL' | 'ERROR' | 'PASS' | 'SKIP';

interface KcidbTest {
  readonly id: string;
  readonly origin: string;
  readonly build_id: string;
  readonly path: string;
  readonly status: Status;
  readonly comment: string;
  readonly environment: { readonly comment: string; readonly misc: object };
  readonly log_excerpt?: string;
  readonly misc?: object;
}

/** What of an issue's cause KCIDB calls a culprit; an issue of another cause excuses what is in order. */
const CULPRITS: Readonly<Partial<Record<FeedIssue['cause'], object>>> = {
  kernel: { code: true, tool: false, harness: false },
  emulator: { code: false, tool: false, harness: true },
};

/**
 * KCIDB's JSON, version 5.3, to be submitted by `kcidb-submit`: a checkout and a build for each kernel, a test for
 * each register of each cell and each hostile check that deviates; one that a known issue excuses has no test. A
 * register that shows a bug of the kernel or of the emulator is FAIL, and an incident of that issue; a deviation
 * is FAIL alone; what the harness failed at is ERROR. The same feed gives the same ids.
 */
export function writeKcidb(feed: Feed): string {
  const issues = feed.issues.filter(
    ({ cause, evidence }) => CULPRITS[cause] !== undefined && evidence.length > 0,
  );
  const tests = feed.cells.flatMap((cell, index) => cellTests(feed, cell, index, issues));
  const known = new Set(tests.map(({ id }) => id));
  const incidents = issues.flatMap((issue) =>
    issue.evidence.flatMap(({ cell: index, registers }) => {
      const cell = feed.cells[index];
      if (cell === undefined) return [];
      return registers.flatMap((register) => {
        const test = testId(feed, cell, feed.registers[register]?.name ?? '');
        if (!known.has(test)) return [];
        return [
          {
            ...{ id: idOf('incident', issue.id, test), origin: ORIGIN },
            ...{
              issue_id: `${ORIGIN}:${issue.id}`,
              issue_version: 1,
              test_id: test,
              present: true,
            },
          },
        ];
      });
    }),
  );
  const report = {
    version: VERSION,
    checkouts: feed.kernels.map(({ id, version }) => ({
      ...{ id: `${ORIGIN}:${id}`, origin: ORIGIN, tree_name: treeOf(id), valid: true },
      ...(version === null || version === '' ? {} : { git_commit_name: `v${version}` }),
      comment: id,
    })),
    builds: feed.kernels.flatMap((kernel, index) => buildOf(feed, kernel.id, index)),
    tests,
    issues: issues.map(({ id, cause, what, source, fix }) => ({
      ...{ id: `${ORIGIN}:${id}`, version: 1, origin: ORIGIN, culprit: CULPRITS[cause] },
      ...{
        report_subject: id,
        comment: what,
        misc: { source, ...(fix === undefined ? {} : { fix }) },
      },
    })),
    incidents,
  };
  return `${JSON.stringify(report, null, 1)}\n`;
}

function buildOf(feed: Feed, kernel: string, index: number): object[] {
  const image = feed.cells.find((cell) => cell.kernel === index)?.image;
  if (image === undefined) return [];
  return [
    {
      ...{ id: buildId(kernel), origin: ORIGIN, checkout_id: `${ORIGIN}:${kernel}` },
      ...{ architecture: image.byteOrder === 'big' ? 'ppc64' : 'ppc64le', status: 'PASS' },
      comment: `${image.release} ${image.version}`,
      misc: { sha256: image.sha256, package: image.package, pageSize: image.pageSize },
    },
  ];
}

function cellTests(
  feed: Feed,
  cell: FeedCell,
  index: number,
  issues: readonly FeedIssue[],
): KcidbTest[] {
  const testOf = (name: string, path: string, status: Status, messages: string[]): KcidbTest => ({
    ...{ id: testId(feed, cell, name), origin: ORIGIN, build_id: buildId(kernelIdOf(feed, cell)) },
    ...{ path, status, comment: `${name} on ${cellNameOf(feed, cell)}` },
    environment: { comment: feed.platforms[cell.platform]?.id ?? '', misc: cell.machine },
    ...(messages.length === 0 ? {} : { log_excerpt: messages.join('\n').slice(0, EXCERPT_MAX) }),
  });
  const shownBy = issuesByRegister(issues, index);
  const registers = answersOf(feed, cell).map(({ register, answer }) => {
    const { name = '' } = feed.registers[register] ?? {};
    const deviations = deviationTextsOf(feed, index, register);
    const again = deviations.length === 0 ? [] : [`again: ${testRecordAgain(feed, cell, name)}`];
    const shown = [...(shownBy.get(register) ?? [])];
    const status = statusOf(answer, deviations.length + shown.length > 0);
    const messages = [...deviations, ...again, ...shown.map(({ id, what }) => `${id}: ${what}`)];
    return {
      ...testOf(name, `sprmatrix.one_reg.${name}`, status, messages),
      misc: { support: answer.support },
    };
  });
  const checks = feed.deviations.flatMap(({ cell: deviating, check, message }) => {
    if (deviating !== index || check === undefined) return [];
    const path = `sprmatrix.hostile.${check.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
    return [
      testOf(check, path, 'FAIL', [message, `again: ${testRecordAgain(feed, cell, undefined)}`]),
    ];
  });
  return [...registers, ...checks];
}

/** The issues that each register of a cell shows, in the feed's order. */
function issuesByRegister(
  issues: readonly FeedIssue[],
  index: number,
): ReadonlyMap<number, ReadonlySet<FeedIssue>> {
  const byRegister = new Map<number, Set<FeedIssue>>();
  for (const issue of issues) {
    const here = issue.evidence.filter(({ cell }) => cell === index);
    for (const register of here.flatMap(({ registers }) => registers)) {
      byRegister.set(register, (byRegister.get(register) ?? new Set()).add(issue));
    }
  }
  return byRegister;
}

function statusOf({ support }: FeedAnswer, isWrong: boolean): Status {
  if (support === 'error') return 'ERROR';
  if (support === 'untested') return 'SKIP';
  return isWrong ? 'FAIL' : 'PASS';
}

/** Which tree a kernel's source is of, as far as its id says. */
function treeOf(kernel: string): string {
  return /^(?:debian|build)-/.test(kernel) ? 'debian' : 'own';
}

function buildId(kernel: string): string {
  return `${ORIGIN}:${kernel}`;
}

function testId(feed: Feed, cell: FeedCell, name: string): string {
  return idOf('test', cell.image.sha256 ?? '', cellNameOf(feed, cell), name);
}

function idOf(...parts: readonly string[]): string {
  return `${ORIGIN}:${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}`;
}
