import type { CellRecord, RegisterRecord, Support } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import type { HostileCheckName } from '../record/hostile-checks.js';
import type { HostileCheck } from '../record/record.generated.js';
import type { Rule } from './known-issues.generated.js';

interface AnyDeviation {
  readonly rule: Rule;
  readonly expected: string;
  readonly actual: string;
  /** The kernel id from which on the expected is on record. */
  readonly since?: string;
  /** The whole of it for a person: register or check, cell, `difference`. */
  readonly message: string;
  /** The same without what it is of: expected, since when, got, the rule. */
  readonly difference: string;
}

/** A register that does not do what a rule says. */
export interface RegisterDeviation extends AnyDeviation {
  readonly register: string;
  readonly check?: undefined;
}

/** A check of the hostile probe, or an item of a state, that is not as a rule says. */
export interface CheckDeviation extends AnyDeviation {
  /** The check, or the item's full name. */
  readonly check: string;
  readonly register?: undefined;
}

export type Deviation = RegisterDeviation | CheckDeviation;

/**
 * What a rule says of one register or check. `not asked`: the run did not ask it, or the harness failed;
 * `no comparison`: there is no baseline, or no older kernel, to judge it by; `emulator`: it would be
 * another verdict under the QEMU of the baseline, so that it is none on the kernel.
 */
export type Verdict = 'kept' | 'not asked' | 'no comparison' | 'emulator' | Deviation;

/** A row of a cell, and where it stands. */
export interface JudgedRow {
  readonly record: CellRecord;
  readonly register: string;
  readonly row: RegisterRecord;
}

/** A check of a cell's hostile probe, and where it stands; undefined where it was not made. */
export interface JudgedCheck {
  readonly record: CellRecord;
  readonly name: HostileCheckName;
  readonly check: HostileCheck | undefined;
}

/** A deviation's two texts. `of` is a register or check with its cell. */
export function messagesOf(
  of: string,
  difference: string,
): Pick<AnyDeviation, 'message' | 'difference'> {
  return { message: `${of}: ${difference}`, difference };
}

interface Found {
  readonly expected: string;
  readonly actual: string;
  /** What the register did since `since`. */
  readonly support?: Support;
  readonly since?: string;
  readonly hint?: string | undefined;
}

/** The deviation of a row from a rule. */
export function rowDeviation(
  { record, register }: JudgedRow,
  rule: Rule,
  found: Found,
): RegisterDeviation {
  const { expected, actual, support, since, hint } = found;
  const sinceText =
    support === undefined || since === undefined ? '' : ` (${support} since ${since})`;
  const hintText = hint === undefined ? '' : `; ${hint}`;
  return {
    register,
    rule,
    expected,
    actual,
    ...(since === undefined ? {} : { since }),
    ...messagesOf(
      `${register} on ${cellName(record.cell)}`,
      `expected ${expected}${sinceText}, got ${actual}${hintText} [${rule}]`,
    ),
  };
}

/** The deviation of a hostile check from a rule. */
export function checkDeviation(
  { record, name }: JudgedCheck,
  rule: Rule,
  { expected, actual }: Pick<Found, 'expected' | 'actual'>,
): CheckDeviation {
  const { ids, seed } = record.hostile ?? { ids: 0, seed: 0 };
  return {
    check: name,
    rule,
    expected,
    actual,
    ...messagesOf(
      `hostile ${name} on ${cellName(record.cell)}`,
      `expected ${expected}, got ${actual} (--hostile=${ids}:${seed}) [${rule}]`,
    ),
  };
}
