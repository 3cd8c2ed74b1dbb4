import { answersElsewhere } from './answers-elsewhere.js';
import type { OtherAnswer } from './answers-elsewhere.js';
import type { BitState } from '../record/bit-strip.js';
import { bitStates } from '../record/bit-strip.js';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import type { RowExplanation } from './explain-row.js';
import { explainRow } from './explain-row.js';
import type { KnownIssue } from './known-issues.js';
import { isIssueOfCell, isIssueOfRegister } from './known-issues.js';
import type { RegisterFact, RegisterFacts } from '../record/register-facts.js';
import type { RegisterField } from '../record/register-fields.js';
import { fieldsByState, fieldsOf } from '../record/register-fields.js';

/** All that is on record about a register in a cell. */
export interface RegisterDescription {
  readonly register: string;
  readonly cell: CellRecord['cell'];
  readonly fact: RegisterFact | undefined;
  readonly answer: RegisterRecord;
  /** What each bit does, the most significant first; undefined where no round trip could be made. */
  readonly bits: readonly BitState[] | undefined;
  /** Its named fields by what their bits do: "writable", "stuck at 0". */
  readonly fields: Readonly<Record<string, readonly RegisterField[]>>;
  readonly reasons: readonly RowExplanation[];
  /** Known issues of the register in this cell. */
  readonly knownIssues: readonly Pick<KnownIssue, 'id' | 'cause' | 'what' | 'source'>[];
  readonly elsewhere: readonly OtherAnswer[];
}

export interface DescribeContext {
  readonly facts: RegisterFacts;
  readonly issues: readonly KnownIssue[];
  /** Records of other cells. */
  readonly others: readonly CellRecord[];
}

/** Describes a register of a record; undefined when the record has no such register. */
export function describeRegister(
  record: CellRecord,
  register: string,
  { facts, issues, others }: DescribeContext,
): RegisterDescription | undefined {
  const answer = record.registers[register];
  if (answer === undefined) return undefined;
  const bits = bitStates(answer, answer);
  const fields = fieldsOf(facts, register, answer.size);
  return {
    register,
    cell: record.cell,
    fact: facts.get(register),
    answer,
    bits,
    fields: bits === undefined ? {} : Object.fromEntries(fieldsByState(fields, bits)),
    reasons: explainRow(record, register, { facts, issues }),
    knownIssues: issues
      .filter((issue) => isIssueOfRegister(issue, register) && isIssueOfCell(issue, record))
      .map(({ id, cause, what, source }) => ({ id, cause, what, source })),
    elsewhere: answersElsewhere(record, register, others),
  };
}
