import { SprmatrixError } from '../base/error.js';
import { unknownName } from '../base/nearest.js';
import { readBaselines } from '../judge/baseline.js';
import { bugEntries } from '../judge/bugs/bugs.js';
import { reproducerOf } from '../judge/bugs/reproducer.js';
import { readKnownIssues } from '../judge/known-issues.js';

/**
 * `sprmatrix reproduce`: a C file that shows a kernel bug without sprmatrix. Usage errors: `UNKNOWN_BUG`, and
 * `NO_REPRODUCER` for one that a put and a get alone do not show.
 */
export async function reproduceCommand(id: string): Promise<string> {
  const ids = bugEntries().map((bug) => bug.id);
  if (!ids.includes(id)) throw unknownName('bug', id, ids);
  const text = reproducerOf(id, await readKnownIssues(), await readBaselines());
  if (text !== undefined) return text;
  throw new SprmatrixError({
    code: 'NO_REPRODUCER',
    kind: 'usage',
    message: `${id} shows itself to a running guest or a hostile call alone: no C file is made of it yet`,
    hint: `docs/findings/${id}.md has the command that shows it`,
  });
}
