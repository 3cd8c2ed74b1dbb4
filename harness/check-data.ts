import { ExitCode } from './base/error.js';
import { reportError } from './cli/process-end.js';
import { kernelSources } from './kernels/kernel-sources.js';
import { loadPlatforms, platformNames } from './machine/platforms.js';
import { readBaselines } from './judge/baseline.js';
import { baselineFaults } from './judge/baseline-faults.js';
import { unexplainedRows } from './judge/explain-row.js';
import { emulatorFaults } from './judge/emulator/emulator-faults.js';
import { emulatorFacts } from './judge/emulator/emulator-reasons.js';
import { judgeCell, judgeRun } from './judge/judge-cell.js';
import { judgeElsewhere } from './judge/judge-elsewhere.js';
import { migrationFacts, migrationReasonFaults } from './judge/emulator/migration-under-qemu.js';
import { readMigrationTable } from './record/migration-table.js';
import { handEditedFiles } from './record/recorded-files.js';
import { migrationHoles } from './record/migration-table-faults.js';
import { BASELINE_SET_UP } from './cell/baseline-set-up.js';
import { cellFaults } from './cell/cells-on-record.js';
import { readCellTimes } from './cell/time/cell-times.js';
import { inMigrationOrder, loadPlatformPairs } from './cell/migrate/platform-migrations.js';
import { readKnownIssues } from './judge/known-issues.js';
import { readRegisterFacts } from './record/register-facts.js';
import { accessFaults, fieldFaults } from './record/register-fields.js';
import { unneededIssues } from './judge/unneeded-issues.js';
import { measuredCells, unshownIssues, wideIssues } from './judge/wide-issues.js';
import { registerTable } from './sync/register-table.js';

/**
 * Part of `npm run check`: the data under matrix/ follows its schemas and agrees with itself. Every
 * baseline is whole and breaks no standing rule without a known issue, those of a kernel are of one image,
 * every known issue is still needed by some baseline and no wider than what shows it, matrix/registers.json covers every register, and the tables of migrations are
 * whole, each difference of a QEMU with its reason. Rows of baselines that
 * nothing explains are listed on standard output; they are no problem, but a question.
 */
async function checkData(): Promise<ExitCode> {
  const registers = registerTable().map(({ name }) => name);
  const platforms = platformNames();
  const baselines = await readBaselines({ names: registers });
  const issues = await readKnownIssues({ registers, platforms });
  const facts = await readRegisterFacts(registers);
  const sizes = new Map(registerTable().map(({ name, sizeBytes }) => [name, sizeBytes * 8]));
  const pairs = loadPlatformPairs();
  inMigrationOrder(platforms, pairs);
  const migrating = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  const tables = await Promise.all(platforms.map(async (platform) => readMigrationTable(platform)));
  const emulators = migrationFacts(baselines, emulatorFacts());
  const problems: string[] = [
    ...platforms
      .filter((id, index) => migrating.has(id) && tables[index] === undefined)
      .map((id) => `matrix/migration/${id}.json: missing: matrix/migrations.json has pairs of it`),
    ...tables.flatMap((table) =>
      table === undefined
        ? []
        : [...migrationHoles(table), ...migrationReasonFaults(table, emulators)],
    ),
    ...(await handEditedFiles()),
    ...cellFaults(baselines, {
      platforms: loadPlatforms(),
      builds: kernelSources().builds.map(({ id }) => id),
      times: readCellTimes(),
    }),
    ...fieldFaults(facts, sizes),
    ...accessFaults(facts, sizes),
    ...baselineFaults(baselines, BASELINE_SET_UP),
    ...emulatorFaults(baselines, emulatorFacts()),
  ];
  for (const baseline of baselines) {
    for (const row of unexplainedRows(baseline, { facts, issues }))
      console.log(`unexplained: ${row}`);
    const { unexcused } = await judgeCell(baseline, { baselines, issues });
    problems.push(...unexcused.map(({ message }) => message));
  }
  const { unneeded } = unneededIssues(issues, [
    ...judgeRun([], baselines),
    ...judgeElsewhere(baselines),
  ]);
  problems.push(...unneeded.map(({ message }) => message));
  const measured = measuredCells(baselines);
  problems.push(...wideIssues(issues, measured), ...unshownIssues(issues, measured));
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? ExitCode.ok : ExitCode.deviation;
}

process.exitCode = await checkData().catch(reportError);
