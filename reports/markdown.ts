import type { Feed, FeedCell, FeedDeviation } from './feed.js';
import { testAgain, answersOf, cellNameOf, issuesOf, kernelIdOf } from './feed-names.js';

/** GitHub takes 65,536 characters as a comment; what is around the report needs some of them. */
const BYTES_MAX = 60_000;

/** The command that asks a cell's register again, or without one makes its hostile calls again. */
export type AgainCommand = (cell: FeedCell, register: string | undefined) => string;

/**
 * What fits a pull request's comment or a job's summary: what deviates with the command that shows
 * it again, the cells, what is lost, what is new. Never more than 60,000 bytes of UTF-8: sections that are
 * too long say how many lines they leave out.
 */
export function writeMarkdown(
  feed: Feed,
  again: AgainCommand = (cell, name) => testAgain(feed, cell, name),
): string {
  const { deviations, cells } = feed;
  const title =
    deviations.length === 0
      ? `sprmatrix: ${countText(cells.length, 'cell')}, all as expected`
      : `sprmatrix: ${countText(deviations.length, 'deviation')} in ${countText(cells.length, 'cell')}`;
  const { version, commit } = feed.harness;
  const footer = `<sub>sprmatrix ${plain(version)}${commit === null ? '' : `, commit ${plain(commit.slice(0, 12))}`}</sub>`;
  const sections = [
    section(
      'What changed',
      deviations.map((deviation) => deviationLine(feed, deviation, again)),
    ),
    section(
      'Cells',
      cells.map((cell) => cellLine(feed, cell)),
      CELL_HEAD,
    ),
    section('Lost', lostLines(feed)),
    section('New', newLines(feed)),
  ].filter(({ lines }) => lines.length > 0);
  return fitted(`## ${title}`, sections, footer);
}

/** More platforms of a kernel than these are counted instead of named. */
const PLATFORMS_NAMED = 3;

interface Section {
  readonly title: string;
  /** Lines that a table begins with. */
  readonly head: readonly string[];
  readonly lines: readonly string[];
}

function section(title: string, lines: readonly string[], head: readonly string[] = []): Section {
  return { title, lines, head };
}

/** Each section gets an even share of what those before it have left. */
function fitted(title: string, sections: readonly Section[], footer: string): string {
  const size = (text: string): number => Buffer.byteLength(text) + 1;
  let room = BYTES_MAX - size(title) - size(footer) - 2;
  const parts = sections.map(({ title: name, head, lines }, index) => {
    const begin = ['', `### ${name}`, '', ...head];
    const more = (left: number): string => `\n... and ${left} more; the whole report has them.`;
    let share = Math.floor(room / (sections.length - index));
    share -= size(begin.join('\n')) + size(more(lines.length));
    const fitting = lines.findIndex((line) => (share -= size(line)) < 0);
    const shown = fitting === -1 ? lines : lines.slice(0, fitting);
    const left = lines.length - shown.length;
    const text = [...begin, ...shown, ...(left > 0 ? [more(left)] : [])].join('\n');
    room -= size(text);
    return text;
  });
  return `${[title, ...parts, '', footer].join('\n')}\n`;
}

function deviationLine(
  feed: Feed,
  { cell: index, register, message }: FeedDeviation,
  againOf: AgainCommand,
): string {
  const cell = feed.cells[index];
  const name = register === null ? undefined : feed.registers[register]?.name;
  const again = cell === undefined ? '' : ` \\\n  \`${againOf(cell, name)}\``;
  return `- ${plain(message)}${again}`;
}

const CELL_HEAD = [
  '| cell | kernel | QEMU | exact | masked or restricted | lost | absent | other | deviations |',
  '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
];

function cellLine(feed: Feed, cell: FeedCell): string {
  const supports = answersOf(feed, cell).map(({ answer }) => answer.support);
  const count = (...wanted: string[]): number =>
    supports.filter((support) => wanted.includes(support)).length;
  const counts = [count('exact'), count('masked', 'restricted'), count('lost'), count('absent')];
  const other = supports.length - counts.reduce((sum, value) => sum + value, 0);
  const at = feed.cells.indexOf(cell);
  const deviations = feed.deviations.filter((deviation) => deviation.cell === at).length;
  const facts = [
    plain(cellNameOf(feed, cell)),
    ...[cell.image.release, cell.machine.qemu ?? 'none'].map(code),
  ];
  return `| ${[...facts, ...counts, other, deviations].join(' | ')} |`;
}

/** Each register that is lost, with the cells where it is and the known issue that says so. */
function lostLines(feed: Feed): string[] {
  const lost = feed.cells.flatMap((cell) =>
    answersOf(feed, cell)
      .filter(({ answer }) => answer.support === 'lost')
      .map(({ register, answer }) => ({ register, cell, issues: issuesOf(feed, answer) })),
  );
  return [...new Set(lost.map(({ register }) => register))].map((register) => {
    const mine = lost.filter((entry) => entry.register === register);
    const where = cellsText(
      feed,
      mine.map(({ cell }) => cell),
    );
    const issues = [...new Set(mine.flatMap((entry) => entry.issues))].map((id) =>
      issueText(feed, id),
    );
    const told = issues.length === 0 ? 'no known issue' : issues.join('; ');
    return `- ${plain(feed.registers[register]?.name ?? '')} on ${plain(where)}: ${told}`;
  });
}

/** "5.10 (9 platforms), debian-6.1 (powernv9)". */
function cellsText(feed: Feed, cells: readonly FeedCell[]): string {
  const kernels = [...new Set(cells.map((cell) => kernelIdOf(feed, cell)))];
  return kernels
    .map((kernel) => {
      const platforms = cells
        .filter((cell) => kernelIdOf(feed, cell) === kernel)
        .map(({ platform }) => feed.platforms[platform]?.id ?? '');
      const many = platforms.length > PLATFORMS_NAMED;
      return `${kernel} (${many ? countText(platforms.length, 'platform') : platforms.join(', ')})`;
    })
    .join(', ');
}

function issueText(feed: Feed, id: string): string {
  const issue = feed.issues.find((candidate) => candidate.id === id);
  const fix = issue?.fix;
  const link =
    fix === undefined
      ? ''
      : `, fixed by [${fix.slice(0, 12)}](https://git.kernel.org/torvalds/c/${fix})`;
  return `known issue ${plain(id)}: ${plain(issue?.what ?? '')} (${plain(issue?.source ?? '')}${link})`;
}

/** Registers that a kernel answers for and the next older one of the feed did not, by kernel. */
function newLines(feed: Feed): string[] {
  return feed.kernels.flatMap((kernel, index) => {
    if (index === 0) return [];
    const gained = feed.cells
      .filter((cell) => cell.kernel === index)
      .flatMap((cell) => gainedRegisters(feed, cell));
    const older = [...new Set(gained.map((entry) => entry.older))].join(', ');
    const names = [...new Set(gained.map((entry) => entry.register))].map(
      (register) => feed.registers[register]?.name ?? '',
    );
    if (names.length === 0) return [];
    return [`- ${plain(kernel.id)}: ${plain(names.join(', '))} (absent in ${plain(older)})`];
  });
}

function gainedRegisters(feed: Feed, cell: FeedCell): { register: number; older: string }[] {
  const [older] = feed.cells
    .filter((other) => other.platform === cell.platform && other.kernel < cell.kernel)
    .toReversed();
  if (older === undefined) return [];
  const wasAbsent = new Set(
    answersOf(feed, older)
      .filter(({ answer }) => answer.support === 'absent')
      .map(({ register }) => register),
  );
  return answersOf(feed, cell)
    .filter(
      ({ register, answer }) =>
        wasAbsent.has(register) && !['absent', 'untested', 'error'].includes(answer.support),
    )
    .map(({ register }) => ({ register, older: kernelIdOf(feed, older) }));
}

/** A text of ours on one line: nothing of it is Markdown or HTML. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

/**
 * A text that is not ours, as it is: code in a cell of a table. GitHub makes a mention of @name even
 * where its characters are escaped, but never in code.
 */
function code(text: string): string {
  const clean = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const [begin, end] = longest > 0 ? [`${fence} `, ` ${fence}`] : [fence, fence];
  return `${begin}${clean.replaceAll('|', '\\|')}${end}`;
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
