import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { needsReason } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { isCellSelected } from './cell-selectors.js';
import type { Cause, KnownIssue } from './known-issues.generated.js';
import { isIssueOfCell, isIssueOfRegister } from './known-issues.js';
import type { Explanation, RegisterFacts } from '../record/register-facts.js';
import { RULES } from './rules.js';

/** Why a register differs from an exact round trip, and where the kernel says so. */
export interface RowExplanation {
  readonly why: string;
  readonly source: string;
  readonly cause: Cause;
  /** The known issue that it comes from; undefined for what is by design. */
  readonly issue?: string;
}

/** What explains rows: matrix/registers.json and matrix/known-issues.json. */
export interface ExplainContext {
  readonly facts: RegisterFacts;
  readonly issues: readonly KnownIssue[];
}

/**
 * Every reason on record for what a register answers in a cell: first what is by design, then the
 * known issues; for a register that answers as another, whose puts are lost, also why they are.
 * None for a row that is exact or was not asked, and for one that nothing explains.
 */
export function explainRow(
  record: CellRecord,
  register: string,
  context: ExplainContext,
): RowExplanation[] {
  const { facts, issues } = context;
  const row = record.registers[register];
  if (row === undefined) return [];
  const byDesign: RowExplanation[] = (facts.get(register)?.byDesign ?? [])
    .filter((explanation) => isExplanationOf(explanation, row, record))
    .map(({ why, source, cause }) => ({ why, source, cause: cause ?? ('design' as const) }));
  const known = issues
    .filter((issue) => isExplainedBy(row, issue))
    .filter((issue) => isIssueOfRegister(issue, register) && isIssueOfCell(issue, record))
    .map(({ id, what, source, cause }) => ({ why: what, source, cause, issue: id }));
  const ofLost = (row.aliases ?? [])
    .filter((other) => record.registers[other]?.support === 'lost')
    .flatMap((other) => explainRow(record, other, context));
  return [...byDesign, ...known, ...ofLost];
}

/** The rows that want a reason and have none, one line each: "LPCR on 6.1/powernv9: masked ...". */
export function unexplainedRows(record: CellRecord, context: ExplainContext): string[] {
  return Object.entries(record.registers)
    .filter(([, row]) => needsReason(row))
    .filter(([name]) => explainRow(record, name, context).length === 0)
    .map(([name, row]) => `${name} on ${cellName(record.cell)}: ${rowText(row)}`);
}

/** Whether a row's answer is what breaks the rule of an issue. */
function isExplainedBy({ support }: RegisterRecord, issue: KnownIssue): boolean {
  const rule = RULES[issue.rule];
  return rule.about === 'registers' && rule.brokenBy === support;
}

function isExplanationOf(
  explanation: Explanation,
  row: RegisterRecord,
  record: CellRecord,
): boolean {
  const { support, writable, errno, flavours } = explanation;
  return (
    support === row.support &&
    (writable === undefined || writable === row.writable) &&
    (errno === undefined || errnosOf(row).every((found) => found === errno)) &&
    (flavours === undefined || flavours.includes(record.kvm.flavour)) &&
    isCellSelected(explanation, record)
  );
}

/** Every errno that a row has, wherever it stands. */
function errnosOf({ get, put, refused }: RegisterRecord): string[] {
  return [get, put, ...refused.map(({ errno }) => errno)].filter(
    (answer): answer is string => answer !== null && answer !== 'ok',
  );
}

function rowText(row: RegisterRecord): string {
  const errnos = [...new Set(errnosOf(row))];
  return [
    row.support,
    ...(row.writable === null ? [] : [`writable ${row.writable}`]),
    ...(errnos.length === 0 ? [] : [errnos.join(' and ')]),
    ...(row.note === undefined ? [] : [row.note]),
  ].join(', ');
}
