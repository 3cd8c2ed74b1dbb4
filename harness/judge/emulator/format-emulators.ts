import type { MigrationTable } from '../../record/migration.generated.js';
import type { CellRecord } from '../../record/cell-record.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { emulatorTable, measuredMigrationQemus } from './emulator-table.js';

/**
 * docs/qemu.md: under which QEMUs baselines were measured, which one is the reference, and what the others
 * do otherwise, each with its reason. Made of the baselines and the tables of migrations alone.
 */
export function formatEmulators(
  baselines: readonly CellRecord[],
  facts: EmulatorFacts,
  tables: readonly MigrationTable[] = [],
): string {
  const { line, why, measured, differences } = emulatorTable(baselines, facts);
  const rows = differences.map(({ versions, platforms, subjects, what, source, commit, cells }) =>
    row(
      versions.join(', '),
      platforms.join(', '),
      subjects.join(', '),
      `${what} (${source}${commit === undefined ? '' : `; ${commit}`})`,
      cells,
    ),
  );
  return [
    HEAD,
    `The reference line is ${line}: ${why}.`,
    '',
    '| QEMU | cells measured | of which answer otherwise |',
    '| --- | --- | --- |',
    ...measured.map(({ version, cells, otherwise }) => row(version, cells, otherwise)),
    '',
    '## What the others do otherwise',
    '',
    '| QEMU | platforms | what | why | cells |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    MIGRATIONS,
    ...measuredMigrationQemus(tables).map(({ version, pairs, otherwise }) =>
      row(version, pairs, otherwise),
    ),
    '',
    TAIL,
  ].join('\n');
}

function row(...fields: readonly (string | number)[]): string {
  const texts = fields.map((field) => String(field).replaceAll('|', '\\|').replaceAll('_', '\\_'));
  return `| ${texts.join(' | ')} |`;
}

const HEAD = `# Answers that are the emulator's

What a kernel answers depends on the QEMU that it runs under. A baseline is of one QEMU, the reference, and
says of every other one that was measured what is answered otherwise there, with the reason. Verdicts read
the baseline as the record's QEMU gives it, so that they are of the kernel alone. This page is made by
\`npm run findings\` from the baselines and \`matrix/emulator.json\`.
`;

const MIGRATIONS = `## Migrations

The tables of [migrations](migration.md) say the same of pairs of cells, by the same reasons.

| QEMU | migrations measured | of which lose otherwise |
| --- | --- | --- |`;

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

Where they come from: 7.2 is bookworm's, 10.0.2 bookworm-backports', 10.0.13 trixie's, 11.1.3 sid's, and
trixie-backports has it too. Debian's experimental has nothing newer: its program is sid's, byte by byte (SHA-256
72da6eba013b of qemu-system-ppc64, November 2026).
`;
