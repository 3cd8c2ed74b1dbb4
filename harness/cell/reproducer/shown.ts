import type { KnownIssue } from '../../judge/known-issues.generated.js';
import type { CellRecord } from '../../record/cell-record.js';
import type { RegisterFacts } from '../../record/register-facts.js';

/** A symptom of a bug, and what is on record of it. */
export interface Shown {
  readonly issue: KnownIssue;
  /** The records of the cells that the issue is about, the newest kernel's first. */
  readonly records: readonly CellRecord[];
  readonly facts: RegisterFacts;
}
