import { appendFileSync } from 'node:fs';
import { messageOf } from '../../base/error.js';
import { errorCommands } from './workflow-commands.js';

/**
 * Tells GitHub, when it is there, why a command ended before any cell ran: an annotation, and a part of
 * the job's summary. `text` is what was reported on standard error.
 */
export function reportFailureToCi(
  text: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  print: (line: string) => void = console.log,
): void {
  const summaryPath = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (env['GITHUB_ACTIONS'] === 'true') {
    for (const line of errorCommands([{ title: 'sprmatrix', message: text }])) print(line);
  }
  if (summaryPath === '') return;
  const section = `### sprmatrix: nothing was judged\n\n${fenced(text)}`;
  try {
    appendFileSync(summaryPath, `${section}\n`);
  } catch (error) {
    // What failed before is what counts.
    console.error(`warning: no summary: ${messageOf(error)}`);
  }
}

/** A text that is not ours as a block of code, whatever is in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}\n`;
}
