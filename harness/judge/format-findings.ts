import { againCommand } from '../record/again-command.js';
import { cellName } from '../record/cell-name.js';
import type { CellVerdicts } from './judge-cell.js';
import { issueVerdicts } from './judge-cell.js';
import { compareKernels } from '../record/kernel-version.js';
import type { KnownIssue } from './known-issues.generated.js';
import { isIssueOfCell, issueSubjects } from './known-issues.js';
import type { Deviation } from './deviation.js';
import { RULES } from './rules.js';

/** A cell's register or check that shows an issue. */
interface Evidence {
  readonly cell: CellVerdicts;
  readonly deviation: Deviation;
}

const HEAD = `# Findings

What the matrix shows of KVM on ppc that looks like a bug of the kernel. This file is made by
\`npm run findings\` from \`matrix/known-issues.json\` (those with the cause "kernel") and the baselines;
\`npm run check\` compares it with them.
`;

/**
 * docs/findings.md: of each issue whose cause is the kernel the function, the cells that show it, one
 * cell's answer and the command that shows it again. `cells` are the verdicts of `judgeRun`.
 */
export function formatFindings(
  issues: readonly KnownIssue[],
  cells: readonly CellVerdicts[],
): string {
  const ofKernel = issues.filter(({ cause }) => cause === 'kernel');
  const sections = ofKernel.map((issue) => formatFinding(issue, evidenceOf(issue, cells)));
  return [HEAD, ...sections].join('\n');
}

function evidenceOf(issue: KnownIssue, cells: readonly CellVerdicts[]): Evidence[] {
  return cells
    .filter(({ record }) => isIssueOfCell(issue, record))
    .flatMap((cell) =>
      issueVerdicts(issue, cell).flatMap((deviation) =>
        typeof deviation === 'object' ? [{ cell, deviation }] : [],
      ),
    )
    .sort((a, b) => compareKernels(b.cell.record, a.cell.record));
}

function formatFinding(issue: KnownIssue, evidence: readonly Evidence[]): string {
  const [newest] = evidence;
  const cells = new Set(evidence.map(({ cell }) => cellName(cell.record.cell)));
  const distinct = (names: readonly string[]): string => [...new Set(names)].join(', ');
  const kernels = distinct(evidence.map(({ cell }) => cell.record.cell.kernel).reverse());
  const platforms = distinct(evidence.map(({ cell }) => cell.record.cell.platform).sort());
  return [
    `## ${issue.id}`,
    '',
    capitalized(issue.what),
    '',
    `- ${subjectsWord(issue)}: ${issueSubjects(issue).join(', ')}`,
    `- Where: ${escaped(issue.source)}`,
    ...(issue.fix === undefined ? [] : [`- Fixed by: ${issue.fix}`]),
    ...(newest === undefined
      ? ['- Seen on no cell whose record is a baseline yet']
      : [
          `- Seen on ${cells.size} cells; kernels ${kernels}; platforms ${platforms}`,
          `- Evidence: ${escaped(newest.deviation.message)}`,
          `- Shown again by: \`${againOf(newest)}\``,
        ]),
    '',
  ].join('\n');
}

/** The command that asks for the register alone, or makes the same hostile calls. */
function againOf({ cell: { record }, deviation }: Evidence): string {
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
  return text.replaceAll(/([_*<])/g, '\\$1');
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${escaped(text.slice(1))}`;
}
