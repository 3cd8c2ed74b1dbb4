import type { KnownIssue } from '../../judge/known-issues.generated.js';
import { isIssueOfCell } from '../../judge/known-issues.js';
import type { CellRecord } from '../../record/cell-record.js';
import { compareKernels } from '../../record/kernel-version.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { CProgram } from './c-program.js';
import { frameText } from './c-program.js';
import { callerProgram } from './caller-program.js';
import { agreesWithGuest } from './guest-program.js';
import { interruptProgram } from './interrupt-program.js';
import { PUT_RULES, putProgram } from './put-program.js';
import { restoredXicsProgram, silentXicsProgram } from './restored-xics-program.js';
import type { Shown } from './shown.js';

/** What a reproducer is made from. */
export interface ReproducerInput {
  readonly issues: readonly KnownIssue[];
  readonly records: readonly CellRecord[];
  readonly facts: RegisterFacts;
}

/**
 * One self-contained C file that shows a kernel bug by KVM's own interface (`frameText`). Made of what the cells'
 * records show: which register is put and which must not change, what a guest reads and writes and with which
 * values, which call is not refused. Undefined where no symptom of it is of a kind that has a program.
 */
export function reproducerOf(
  id: string,
  { issues, records, facts }: ReproducerInput,
): string | undefined {
  const newestFirst = records.toSorted((a, b) => compareKernels(b, a));
  const mine = issues
    .filter((issue) => issue.id === id || issue.bug === id)
    .toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
  for (const issue of mine) {
    const shown = {
      ...{ issue, facts },
      records: newestFirst.filter((record) => isIssueOfCell(issue, record)),
    };
    const program = programOf(shown);
    if (program !== undefined) {
      return frameText({ id, what: issue.what, source: issue.source }, program);
    }
  }
  return undefined;
}

function programOf(shown: Shown): CProgram | undefined {
  const { rule } = shown.issue;
  const checks: readonly string[] = shown.issue.checks ?? [];
  if (PUT_RULES.has(rule)) return putProgram(shown);
  if (rule === 'guest-agrees') return agreesWithGuest(shown);
  if (checks.includes('vmm-registers')) {
    return callerProgram(rule === 'hostile-survived' ? 'FSCR' : 'floating point');
  }
  if (checks.includes('exits.illegal')) return interruptProgram();
  if (checks.includes('interrupts.xics.idle.quiet')) return restoredXicsProgram();
  if (checks.includes('interrupts.xics.pending')) return silentXicsProgram();
  return undefined;
}
