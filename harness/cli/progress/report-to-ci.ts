import { appendFile } from 'node:fs/promises';
import type { CellEnding, TestPlan } from '../../../fixtures/test-plan.js';
import { plannedCell } from '../../../fixtures/test-plan.js';
import type { Feed, FeedCell } from '../../../reports/feed.js';
import { cellNameOf, testRecordAgain } from '../../../reports/feed-names.js';
import { loadFeed } from '../../../reports/load-feed.js';
import { writeMarkdown } from '../../../reports/markdown/markdown.js';
import { testAgain } from '../../cell/again.js';
import type { CellRecord } from '../../record/cell-record.js';
import { readKnownIssues } from '../../judge/known-issues.js';
import { readRecord } from '../../record/record-files.js';
import { baselinesOf, unneededByRun } from '../../judge/review-run.js';
import { fenced } from './report-failure-to-ci.js';
import type { Annotation } from './workflow-commands.js';
import { errorCommands } from './workflow-commands.js';

/** A cell and why it has no record. */
interface Unanswered {
  readonly cell: string;
  readonly why: string;
}

/** Console tails are long; the whole of each is in the cell's folder. */
const SHOWN_FAILURE_CHARACTERS = 3000;
const SHOWN_FAILURES = 10;

/**
 * Tells GitHub how cells ended, when it is there: an annotation for each deviation and for each cell
 * that gave no answer (`GITHUB_ACTIONS`), and a summary of the job (`GITHUB_STEP_SUMMARY`).
 */
export async function reportToCi(
  plan: Pick<TestPlan, 'cells'>,
  endings: ReadonlyMap<string, CellEnding>,
  env: Readonly<Record<string, string | undefined>> = process.env,
  print: (line: string) => void = console.log,
): Promise<void> {
  const summaryPath = env['GITHUB_STEP_SUMMARY'] ?? '';
  const isOnGithub = env['GITHUB_ACTIONS'] === 'true';
  const outputPath = isOnGithub ? (env['GITHUB_OUTPUT'] ?? '') : '';
  if ((!isOnGithub && summaryPath === '') || endings.size === 0) return;
  const records: CellRecord[] = [];
  const failures: Unanswered[] = [];
  const skips: Unanswered[] = [];
  for (const [cell, ending] of endings) {
    if ('recordPath' in ending) records.push(await readRecord(ending.recordPath));
    else if ('failure' in ending) failures.push({ cell, why: ending.failure });
    else skips.push({ cell, why: ending.obstacle });
  }
  const feed = await loadFeed({ records });
  const unneeded = await unneededOf(records);
  if (isOnGithub) {
    const lines = errorCommands([
      ...failures.map(failureAnnotation),
      ...deviationAnnotations(feed, plan),
      ...unneeded.map((message) => ({ title: 'known issue', message })),
    ]);
    for (const line of lines) print(line);
  }
  if (outputPath !== '') {
    const count = feed.deviations.length + unneeded.length;
    await appendFile(outputPath, `deviations=${count}\ncells=${records.length}\n`);
  }
  if (summaryPath !== '') {
    const parts = [
      ...(records.length > 0
        ? [writeMarkdown(feed, (cell, name) => againOf(plan, feed, cell, name))]
        : []),
      ...(unneeded.length > 0 ? [`### Known issues\n\n${fenced(unneeded.join('\n'))}`] : []),
      ...(failures.length > 0 ? [failureSection(failures)] : []),
      ...(skips.length > 0
        ? [`### Skipped\n\n${fenced(skips.map(({ cell, why }) => `${cell}: ${why}`).join('\n'))}`]
        : []),
    ];
    await appendFile(summaryPath, `${parts.join('\n')}\n`);
  }
}

function failureAnnotation({ cell, why }: Unanswered): Annotation {
  return { title: `${cell}: no answer from the kernel was judged`, message: why };
}

function deviationAnnotations(feed: Feed, plan: Pick<TestPlan, 'cells'>): Annotation[] {
  return feed.deviations.flatMap(({ cell: index, register, check, message }) => {
    const cell = feed.cells[index];
    const name = register === null ? undefined : feed.registers[register]?.name;
    if (cell === undefined) return [];
    const again = againOf(plan, feed, cell, name);
    return [
      {
        title: `${name ?? `hostile ${check ?? ''}`} on ${cellNameOf(feed, cell)}`,
        message: `${message}\nagain: ${again}`,
      },
    ];
  });
}

/** The command that shows a deviation again: this run's own, as far as the cell is one of its plan. */
function againOf(
  plan: Pick<TestPlan, 'cells'>,
  feed: Feed,
  cell: FeedCell,
  register: string | undefined,
): string {
  const planned = plannedCell(plan, cellNameOf(feed, cell));
  const asked = register === undefined ? undefined : [`--register=${register}`];
  return planned === undefined ? testRecordAgain(feed, cell, register) : testAgain(planned, asked);
}

async function unneededOf(records: readonly CellRecord[]): Promise<string[]> {
  const issues = await readKnownIssues();
  const unneeded = await unneededByRun(records, issues, await baselinesOf(records));
  return unneeded.map(({ message }) => message);
}

function failureSection(failures: readonly Unanswered[]): string {
  const texts = failures.slice(0, SHOWN_FAILURES).map(({ cell, why }) => {
    const cut = why.length > SHOWN_FAILURE_CHARACTERS ? ' ...' : '';
    return `\`${cell}\`\n\n${fenced(`${why.slice(0, SHOWN_FAILURE_CHARACTERS)}${cut}`)}`;
  });
  const hidden = failures.length - SHOWN_FAILURES;
  const more = hidden > 0 ? [`... and ${hidden} more; the cells' folders have them.\n`] : [];
  return ['### No answer\n', ...texts, ...more].join('\n');
}
