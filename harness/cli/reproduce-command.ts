import { SprmatrixError } from '../base/error.js';
import { unknownName } from '../base/nearest.js';
import { reproducerOf } from '../cell/reproducer/reproducer.js';
import { readBaselines } from '../judge/baseline.js';
import { bugEntries } from '../judge/bugs/bugs.js';
import { readKnownIssues } from '../judge/known-issues.js';
import { readRegisterFacts } from '../record/register-facts.js';

/**
 * `sprmatrix reproduce`: a C file that shows a kernel bug without sprmatrix. Usage errors: `UNKNOWN_BUG`, and
 * `NO_REPRODUCER` for one that must not have any, or of which no record shows what a C file can ask.
 */
export async function reproduceCommand(id: string): Promise<string> {
  const bugs = bugEntries();
  const bug = bugs.find((entry) => entry.id === id);
  if (bug === undefined) {
    throw unknownName(
      'bug',
      id,
      bugs.map((entry) => entry.id),
    );
  }
  if (bug.noReproducer !== undefined) throw noReproducer(id, bug.noReproducer);
  const [issues, records] = await Promise.all([readKnownIssues(), readBaselines()]);
  const text = reproducerOf(id, { issues, records, facts: await readRegisterFacts() });
  if (text !== undefined) return text;
  throw noReproducer(id, 'no record here shows what a C file could ask');
}

function noReproducer(id: string, why: string): SprmatrixError {
  return new SprmatrixError({
    code: 'NO_REPRODUCER',
    kind: 'usage',
    message: `there is no C file of ${id}: ${why}`,
    hint: `docs/findings/${id}.md has the command that shows it`,
  });
}
