import { writeFileAtomic } from './base/files.js';
import { ExitCode } from './base/error.js';
import { repositoryPath } from './base/paths.js';
import { reportError } from './cli/process-end.js';
import { readBaselines } from './judge/baseline.js';
import { formatFindings } from './judge/format-findings.js';
import { judgeRun } from './judge/judge-cell.js';
import { readKnownIssues } from './judge/known-issues.js';

/** `npm run findings`: docs/findings.md from the known issues and the baselines. */
async function generateFindings(): Promise<ExitCode> {
  const text = formatFindings(await readKnownIssues(), judgeRun([], await readBaselines()));
  await writeFileAtomic(repositoryPath('docs', 'findings.md'), text);
  return ExitCode.ok;
}

process.exitCode = await generateFindings().catch(reportError);
