import { countOf } from '../../harness/base/count.js';
import type { VerdictKind } from '../../harness/judge/verdict/verdict-kinds.js';
import { countKinds, kindsText } from '../../harness/judge/verdict/verdict-kinds.js';
import { statusText } from '../../harness/judge/bugs/bug-text.js';
import type { Feed, FeedCell, FeedDeviation } from '../feed.js';
import { checkOutcomes } from '../feed-checks.js';
import { answersOf, cellNameOf, testRecordAgain, verdictOf } from '../feed-names.js';
import { aspectLines, checkLines, gainedLines, lostLines, migrationLines } from './found-lines.js';
import type { Section } from './fitted-sections.js';
import { fittedSections } from './fitted-sections.js';
import { code, plain } from './markdown-text.js';

/** GitHub takes 65,536 characters as a comment; what is around the report needs some of them. */
const BYTES_MAX = 60_000;

/** The command that asks a cell's register again, or without one makes its hostile calls again. */
export type AgainCommand = (cell: FeedCell, register: string | undefined) => string;

/**
 * What fits a pull request's comment or a job's summary: first what deviates with the command that shows it again,
 * what is lost and what is new; then bugs of the kernel, what guests, neighbours and migrations say, hostile calls,
 * and the cells. A section shows 20 lines and folds the others. Never more than 60,000 bytes of UTF-8: sections
 * that are too long say how many lines they leave out.
 */
export function writeMarkdown(
  feed: Feed,
  again: AgainCommand = (cell, name) => testRecordAgain(feed, cell, name),
): string {
  const { deviations, cells, harness } = feed;
  const title =
    deviations.length === 0
      ? `${countOf(cells.length, 'cell')}, all as expected`
      : `${countOf(deviations.length, 'deviation')} in ${countOf(cells.length, 'cell')}`;
  const counts = kindsText(countKinds(cells.flatMap((cell) => kindsOf(feed, cell))));
  const begin = `## sprmatrix: ${title}\n\n${plain(counts)}`;
  const { version, commit } = harness;
  const footer = `<sub>sprmatrix ${plain(version)}${commit === null ? '' : `, commit ${plain(commit.slice(0, 12))}`}</sub>`;
  const list = (name: string, lines: readonly string[]): Section => ({
    ...{ title: name, head: [], lines },
  });
  const parts = fittedSections(
    [
      list('Deviations', deviationLines(feed, again)),
      list('Lost', lostLines(feed)),
      list('New', gainedLines(feed)),
      list('Bugs of the kernel', bugLines(feed)),
      list('Guests', aspectLines(feed, 'guest')),
      list('Isolation', aspectLines(feed, 'isolation')),
      list('Migrations', [...aspectLines(feed, 'migration'), ...migrationLines(feed)]),
      list('Hostile calls', checkLines(feed)),
      {
        title: 'Cells',
        head: CELL_HEAD,
        lines: cells.map((cell, index) => cellLine(feed, cell, index)),
      },
    ],
    BYTES_MAX - Buffer.byteLength(begin) - Buffer.byteLength(footer) - 10,
  );
  return `${[begin, ...parts, '', footer].join('\n')}\n`;
}

function deviationLines(feed: Feed, againOf: AgainCommand): string[] {
  return feed.deviations.map(({ cell: index, register, message }: FeedDeviation) => {
    const cell = feed.cells[index];
    const name = register === null ? undefined : feed.registers[register]?.name;
    const again = cell === undefined ? '' : ` \\\n  \`${againOf(cell, name)}\``;
    return `- ${plain(message)}${again}`;
  });
}

function bugLines(feed: Feed): string[] {
  return feed.bugs.map(({ title, severity, status, fix }) => {
    const became = statusText(status, fix);
    return `- ${plain(title)}${severity === undefined ? '' : ` (${severity})`}: ${plain(became)}`;
  });
}

const CELL_HEAD = [
  '| cell | kernel | QEMU | verdicts | hostile calls | deviations |',
  '| --- | --- | --- | --- | --- | ---: |',
];

function cellLine(feed: Feed, cell: FeedCell, index: number): string {
  const deviations = feed.deviations.filter((deviation) => deviation.cell === index).length;
  const facts = [
    plain(cellNameOf(feed, cell)),
    ...[cell.image.release, cell.machine.qemu ?? 'none'].map(code),
  ];
  const hostile = checkOutcomes(feed, index).filter(({ isHostile }) => isHostile);
  const texts = [kindsOf(feed, cell), hostile.map(({ kind }) => kind)].map((kinds) =>
    plain(kindsText(countKinds(kinds))),
  );
  return `| ${[...facts, ...texts, deviations].join(' | ')} |`;
}

function kindsOf(feed: Feed, cell: FeedCell): VerdictKind[] {
  return answersOf(feed, cell).map(({ answer }) => verdictOf(feed, answer).kind);
}
