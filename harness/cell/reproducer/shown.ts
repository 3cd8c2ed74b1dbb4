import type { KnownIssue } from '../../judge/known-issues.generated.js';
import type { CellRecord } from '../../record/cell-record.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { VmFlavour } from './c-program.js';

/** The flavour of KVM that a record is of, as far as a program asks for one. */
export function flavourOf({ kvm }: CellRecord): VmFlavour {
  return kvm.flavour === 'PR' ? 'PR' : 'HV';
}

/** A symptom of a bug, and what is on record of it. */
export interface Shown {
  readonly issue: KnownIssue;
  /** The records of the cells that the issue is about, the newest kernel's first. */
  readonly records: readonly CellRecord[];
  readonly facts: RegisterFacts;
}
