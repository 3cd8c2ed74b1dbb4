import type { CellRecord, RegisterRecord } from './cell-record.js';
import { isAnswered } from './cell-record.js';
import type { RowField } from './row-fields.js';
import { rowFieldText } from './row-fields.js';
import { changedFields, COMPARED_FIELDS } from './compare-rows.js';
import type { EmulatorDifference } from './emulator-difference.js';
import { differenceOf } from './emulator-difference.js';
import { HOSTILE_CHECKS, isChecked, isSameCheck } from './hostile-checks.js';

/** A kernel whose answers are known under two QEMUs. */
export interface Control {
  /** Under the QEMU of another kernel's baseline. */
  readonly before: CellRecord;
  /** Under the QEMU of that kernel's record. */
  readonly after: CellRecord;
}

/**
 * What another kernel on the control's platform has to be expected to answer otherwise than its own
 * baseline, as far as the control says. A field in which the control's answers differ is the emulator's:
 * where the kernel's baseline has the control's old value there, the new one is expected, and the old one,
 * which the emulator has then left alone, is right too; where it has not, nothing can be said of it, and
 * what `actual` (the kernel's record) answers is right. Without `actual`, that is the baseline's.
 */
export function transferredDifference(
  { before: control, after }: Control,
  baseline: CellRecord,
  actual?: CellRecord,
): EmulatorDifference {
  const { registers = {}, checks = {}, capabilities = {} } = differenceOf(control, after);
  const rows = Object.entries(registers).flatMap(([name, seen]) => {
    const [before, mine] = [control.registers[name], baseline.registers[name]];
    if (!isAnswered(before) || !isAnswered(mine)) return [];
    const answer = actual?.registers[name];
    const expected = expectedRow(before, seen, mine, isAnswered(answer) ? answer : undefined);
    return changedFields(mine, expected).length === 0 ? [] : [[name, expected] as const];
  });
  const calls = HOSTILE_CHECKS.flatMap((name) => {
    const [before, seen] = [control.hostile?.checks[name], checks[name]];
    const [mine, answer] = [baseline.hostile?.checks[name], actual?.hostile?.checks[name]];
    if (seen === undefined || !isChecked(before) || !isChecked(mine)) return [];
    if (isChecked(answer) && isSameCheck(answer, mine)) return [];
    return [[name, isSameCheck(before, mine) ? seen : isChecked(answer) ? answer : mine] as const];
  });
  const values = Object.entries(capabilities).filter(
    ([name, value]) =>
      control.kvm.capabilities[name] === baseline.kvm.capabilities[name] &&
      baseline.kvm.capabilities[name] !== value,
  );
  return {
    ...(rows.length > 0 ? { registers: Object.fromEntries(rows) } : {}),
    ...(calls.length > 0 ? { checks: Object.fromEntries(calls) } : {}),
    ...(values.length > 0 ? { capabilities: Object.fromEntries(values) } : {}),
  };
}

/**
 * The row to expect: `before` and `seen` are the control's, `mine` is the kernel's on record, `answer` what
 * it answers now.
 */
function expectedRow(
  before: RegisterRecord,
  seen: RegisterRecord,
  mine: RegisterRecord,
  answer: RegisterRecord | undefined,
): RegisterRecord {
  const expected: Partial<RegisterRecord> = { ...mine };
  for (const field of COMPARED_FIELDS) {
    const old = rowFieldText(mine, field);
    const isTheEmulators = rowFieldText(before, field) !== rowFieldText(seen, field);
    const isLeftAlone = answer !== undefined && rowFieldText(answer, field) === old;
    if (!isTheEmulators || isLeftAlone) continue;
    const isAlike = rowFieldText(before, field) === old;
    takeField(expected, isAlike ? seen : (answer ?? mine), field);
  }
  return expected as RegisterRecord;
}

function takeField(to: Partial<RegisterRecord>, from: RegisterRecord, field: RowField): void {
  if (from[field] === undefined) Reflect.deleteProperty(to, field);
  else Object.assign(to, { [field]: from[field] });
}
