import { writeFileAtomic } from './base/files.js';
import { ExitCode } from './base/error.js';
import { repositoryPath } from './base/paths.js';
import { reportError } from './cli/process-end.js';
import { readBaselines } from './judge/baseline.js';
import { emulatorFacts } from './judge/emulator/emulator-reasons.js';
import { formatEmulators } from './judge/emulator/format-emulators.js';
import { formatFindings } from './judge/format-findings.js';
import { judgeRun } from './judge/judge-cell.js';
import { readKnownIssues } from './judge/known-issues.js';

/** `npm run findings`: docs/findings.md and docs/qemu.md from the known issues and the baselines. */
async function generateFindings(): Promise<ExitCode> {
  const baselines = await readBaselines();
  const text = formatFindings(await readKnownIssues(), judgeRun([], baselines));
  await writeFileAtomic(repositoryPath('docs', 'findings.md'), text);
  const qemus = formatEmulators(baselines, emulatorFacts());
  await writeFileAtomic(repositoryPath('docs', 'qemu.md'), qemus);
  return ExitCode.ok;
}

process.exitCode = await generateFindings().catch(reportError);
