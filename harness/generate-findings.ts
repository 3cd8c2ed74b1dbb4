import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './base/files.js';
import { ExitCode, SprmatrixError } from './base/error.js';
import { repositoryPath } from './base/paths.js';
import { reportError } from './cli/process-end.js';
import { readBaselines } from './judge/baseline.js';
import { bugsOf } from './judge/bugs/bug-status.js';
import { bugEntries, bugFaults } from './judge/bugs/bugs.js';
import { emulatorFacts } from './judge/emulator/emulator-reasons.js';
import { formatEmulators } from './judge/emulator/format-emulators.js';
import { findingPages, formatFindings } from './judge/format-findings.js';
import { judgeOwn } from './judge/judge-cell.js';
import { judgeElsewhere } from './judge/judge-elsewhere.js';
import { readKnownIssues } from './judge/known-issues.js';
import { platformNames } from './machine/platforms.js';
import { readMigrationTable } from './record/migration-table.js';

/**
 * `npm run findings`: docs/findings.md, docs/findings/ and docs/qemu.md from the bugs, the known issues and
 * the baselines. Errors: `BUGS_INVALID` where matrix/bugs.json and the known issues do not fit together.
 */
async function generateFindings(): Promise<ExitCode> {
  const [baselines, issues, entries] = [
    await readBaselines(),
    await readKnownIssues(),
    bugEntries(),
  ];
  const faults = bugFaults(entries, issues);
  if (faults.length > 0) {
    throw new SprmatrixError({
      code: 'BUGS_INVALID',
      message: 'matrix/bugs.json and matrix/known-issues.json do not fit together',
      evidence: faults,
    });
  }
  const cells = [...judgeOwn(baselines, baselines), ...judgeElsewhere(baselines)];
  const bugs = bugsOf(cells, issues, entries);
  await writeFileAtomic(repositoryPath('docs', 'findings.md'), formatFindings(bugs));
  await writePages(findingPages(bugs));
  const tables = await Promise.all(platformNames().map(async (id) => readMigrationTable(id)));
  const qemus = formatEmulators(
    baselines,
    emulatorFacts(),
    tables.flatMap((table) => table ?? []),
  );
  await writeFileAtomic(repositoryPath('docs', 'qemu.md'), qemus);
  return ExitCode.ok;
}

/** Writes the pages of docs/findings, and removes those of bugs that are no more. */
async function writePages(pages: readonly { file: string; text: string }[]): Promise<void> {
  const folder = repositoryPath('docs', 'findings');
  await mkdir(folder, { recursive: true });
  const former = await readdir(folder);
  const gone = former.filter((name) => !pages.some(({ file }) => file === name));
  await Promise.all([
    ...gone.map(async (name) => rm(join(folder, name))),
    ...pages.map(async ({ file, text }) => writeFileAtomic(join(folder, file), text)),
  ]);
}

process.exitCode = await generateFindings().catch(reportError);
