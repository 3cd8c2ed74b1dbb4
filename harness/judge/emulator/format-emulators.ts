import semver from 'semver';
import type { CellRecord } from '../../record/cell-record.js';
import { subjectsOf } from '../../record/emulator-difference.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { measuredVersions } from './measured-baseline.js';

/** What a range of versions does otherwise for one reason, and where it was seen. */
interface Seen {
  readonly versions: Set<string>;
  readonly platforms: Set<string>;
  readonly subjects: Set<string>;
  cells: number;
}

/**
 * docs/qemu.md: under which QEMUs baselines were measured, which one is the reference, and what the others
 * do otherwise, each with its reason. Made of the baselines alone.
 */
export function formatEmulators(baselines: readonly CellRecord[], facts: EmulatorFacts): string {
  const { reference, reasons } = facts;
  const counts = new Map<string, number>();
  for (const version of baselines.flatMap(measuredVersions))
    counts.set(version, (counts.get(version) ?? 0) + 1);
  const versions = [...counts].sort(([a], [b]) => semver.compare(a, b));
  const seen = seenByReason(baselines);
  const rows = reasons.map(({ id, what, source, commit }) => {
    const { versions: under, platforms, subjects, cells } = seen.get(id) ?? nothing();
    return `| ${[
      [...under].join(', '),
      [...platforms].sort().join(', '),
      [...subjects].sort().join(', '),
      `${what} (${source}${commit === undefined ? '' : `; ${commit}`})`,
      cells,
    ]
      .map((text) => String(text).replaceAll('|', '\\|').replaceAll('_', '\\_'))
      .join(' | ')} |`;
  });
  return [
    HEAD,
    `The reference line is ${reference.line}: ${reference.why}.`,
    '',
    '| QEMU | cells measured |',
    '| --- | --- |',
    ...versions.map(([version, count]) => `| ${version} | ${count} |`),
    '',
    '## What the others do otherwise',
    '',
    '| QEMU | platforms | what | why | cells |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    TAIL,
  ].join('\n');
}

const HEAD = `# Answers that are the emulator's

What a kernel answers depends on the QEMU that it runs under. A baseline is of one QEMU, the reference, and
says of every other one that was measured what is answered otherwise there, with the reason. Verdicts read
the baseline as the record's QEMU gives it, so that they are of the kernel alone. This page is made by
\`npm run findings\` from the baselines and \`matrix/emulator.json\`.
`;

const TAIL = `## A QEMU that nobody measured

A release that Debian built is known by its version. Any other QEMU (a version outside of the measured
ranges, a development tree, a script, a build of your own) is calibrated: before its cells run, a control,
the nearest package kernel that has a baseline, is run on each platform. What the control answers otherwise
than its baseline is the emulator's and never a deviation of the kernel. The answer is kept in the cache by
the QEMU's content. \`--no-calibration\` leaves that out.

\`npx sprmatrix calibrate --qemu=./build/qemu-system-ppc64 --platform=powernv9\` does only that, and says in
words which registers, hostile checks and capabilities are other ones: for people who work on QEMU.

## Measuring another QEMU

\`npx sprmatrix run --kernel=all --platform='*' --update-baseline --qemu=A --qemu=B\` records what each answers
into the baselines. \`npm run check\` then names what has no reason yet: find it in QEMU's source, put it into
\`matrix/emulator.json\`, and record again.
`;

function nothing(): Seen {
  return { versions: new Set(), platforms: new Set(), subjects: new Set(), cells: 0 };
}

function seenByReason(baselines: readonly CellRecord[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const { cell, emulators = [] } of baselines) {
    for (const { from, to, differs } of emulators) {
      for (const group of differs) {
        const found = seen.get(group.reason ?? '') ?? nothing();
        seen.set(group.reason ?? '', found);
        found.versions.add(from === to ? from : `${from} to ${to}`);
        found.platforms.add(cell.platform);
        for (const { name } of subjectsOf(group)) found.subjects.add(name);
        found.cells += 1;
      }
    }
  }
  return seen;
}
