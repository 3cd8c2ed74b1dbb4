import { againCommand } from '../record/again-command.js';
import { cellName } from '../record/cell-name.js';
import type { Bug, Sighting } from './bugs/bug-status.js';
import type { BugEntry } from './bugs/bugs.js';
import { hardwareText, introducedText, SEVERITIES, statusText } from './bugs/bug-text.js';
import type { KnownIssue } from './known-issues.generated.js';
import { issueSubjects } from './known-issues.js';
import { RULES } from './rules.js';

const HEAD = `# Findings

What the matrix shows of KVM on ppc that looks like a bug of the kernel, by root cause. This page and those
that it leads to are made by \`npm run findings\` from \`matrix/bugs.json\`, \`matrix/known-issues.json\` (those
with the cause "kernel") and the baselines; \`npm run check\` compares them.
`;

/** A file of docs/findings, by its name there. */
export interface FindingFile {
  readonly file: string;
  readonly text: string;
}

/** docs/findings.md: how many bugs there are, and a line for each. */
export function formatFindings(bugs: readonly Bug[]): string {
  const present = bugs.filter(({ status }) => status.isPresent);
  const newest = bugs[0]?.status.newest;
  return [
    HEAD,
    `${bugs.length} ${bugs.length === 1 ? 'bug' : 'bugs'}, ${present.length} of them in ${newest ?? 'the newest kernel'}, the newest kernel here.`,
    '',
    '| bug | severity | status | introduced |',
    '| --- | --- | --- | --- |',
    ...bugs.map(({ id, entry, issues, status, fix }) => {
      const title = escaped(entry?.title ?? issues[0].what);
      return `| [${title}](findings/${id}.md) | ${entry?.severity ?? ''} | ${statusText(status, fix)} | ${introducedText(status)} |`;
    }),
    '',
    ...Object.entries(SEVERITIES).map(([severity, meaning]) => `- ${severity}: ${meaning}`),
    '',
  ].join('\n');
}

/**
 * docs/findings/<id>.md of each bug: what it does, what became of it, its symptoms, and for each of them the
 * cells that show it, one cell's answer and the command that shows it again.
 */
export function findingPages(bugs: readonly Bug[]): FindingFile[] {
  return bugs.map((bug) => ({ file: `${bug.id}.md`, text: formatFinding(bug) }));
}

function formatFinding({ id, entry, issues, sightings, status, fix }: Bug): string {
  const [main] = issues;
  return [
    `# ${escaped(entry?.title ?? id)}`,
    '',
    capitalized(main.what),
    '',
    ...(entry === undefined ? [] : [entry.consequence, '']),
    `- Status: ${statusText(status, fix)}`,
    `- Introduced: ${introducedText(status)}`,
    ...(entry === undefined
      ? []
      : [`- Severity: ${entry.severity} (${SEVERITIES[entry.severity]})`]),
    `- Where: ${escaped(main.source)}`,
    ...(fix === undefined ? [] : [`- Fixed by: ${fix}`]),
    ...(entry === undefined
      ? []
      : [
          `- On hardware: ${hardwareText(entry.hardware)}; ${entry.hardware.why}`,
          reproducerLine(entry),
        ]),
    ...(entry?.links ?? []).map(({ what, url }) => `- Discussed: [${escaped(what)}](${url})`),
    '',
    ...issues.flatMap((issue) => {
      const mine = sightings.filter((sighting) => sighting.issue === issue);
      return [
        `## ${issue.id}`,
        '',
        ...(issue === main ? [] : [capitalized(issue.what), '']),
        `- ${subjectsWord(issue)}: ${escaped(issueSubjects(issue).join(', '))}`,
        `- Rule: ${issue.rule}`,
        ...seenLines(mine),
        '',
      ];
    }),
  ].join('\n');
}

function reproducerLine({ id, noReproducer }: BugEntry): string {
  return noReproducer === undefined
    ? `- As one C file: \`npx sprmatrix reproduce ${id}\``
    : `- No C file of it: ${escaped(noReproducer)}`;
}

function seenLines(sightings: readonly Sighting[]): string[] {
  const [newest] = sightings;
  if (newest === undefined) return ['- Seen on no cell whose record is a baseline yet'];
  const cells = new Set(sightings.map(({ cell }) => cellName(cell.record.cell)));
  const distinct = (names: readonly string[]): string => [...new Set(names)].join(', ');
  return [
    `- Seen on ${cells.size} ${cells.size === 1 ? 'cell' : 'cells'}`,
    `- Kernels: ${distinct(sightings.map(({ cell }) => cell.record.cell.kernel).reverse())}`,
    `- Platforms: ${distinct(sightings.map(({ cell }) => cell.record.cell.platform).sort())}`,
    `- Evidence: ${escaped(newest.deviation.message)}`,
    `- Shown again by: \`${againOf(newest)}\``,
  ];
}

/** The command that asks for the register alone, or makes the same hostile calls. */
function againOf({ cell: { record }, deviation }: Sighting): string {
  const { hostile, deep, cell, kernel } = record;
  const whole = [
    ...(hostile === undefined ? [] : [`--hostile=${hostile.ids}:${hostile.seed}`]),
    ...(deep === true ? ['--deep'] : []),
  ];
  return againCommand({
    program: 'npx sprmatrix run',
    cells: [{ ...cell, package: kernel.package }],
    asked: deviation.register === undefined ? whole : [`--register=${deviation.register}`],
  });
}

function subjectsWord({ rule }: KnownIssue): string {
  const words = { registers: 'Registers', checks: 'Hostile checks', states: 'States (--deep)' };
  return words[RULES[rule].about];
}

/** Markdown takes underscores and asterisks for emphasis. */
function escaped(text: string): string {
  return text.replaceAll(/([_*<|])/g, '\\$1');
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${escaped(text.slice(1))}`;
}
