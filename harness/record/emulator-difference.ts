import type { CellRecord, RegisterRecord } from './cell-record.js';
import { isAnswered } from './cell-record.js';
import { changedFields } from './compare-rows.js';
import type { HostileCheckName } from './hostile-checks.js';
import { HOSTILE_CHECKS, isChecked, isSameCheck, isSamePlan } from './hostile-checks.js';
import type { EmulatorDifference, HostileCheck } from './record.generated.js';

export type { EmulatorDifference };

/** One thing that is answered otherwise under another emulator. */
export type EmulatorSubject =
  | { readonly kind: 'registers'; readonly name: string }
  | { readonly kind: 'checks'; readonly name: HostileCheckName }
  | { readonly kind: 'capabilities'; readonly name: string };

/**
 * What `record` answers otherwise than `reference`, a record of the same kernel under another QEMU.
 * What either of them was not asked, or was asked by another plan of hostile calls, is left out; a host
 * that died differs only from one that did not.
 */
export function differenceOf(reference: CellRecord, record: CellRecord): EmulatorDifference {
  const registers = Object.entries(record.registers).filter(([name, row]) => {
    const expected = reference.registers[name];
    return isAnswered(row) && isAnswered(expected) && changedFields(expected, row).length > 0;
  });
  const isComparable =
    reference.hostile !== undefined &&
    record.hostile !== undefined &&
    isSamePlan(reference.hostile, record.hostile);
  const checks = (isComparable ? HOSTILE_CHECKS : []).flatMap((name) => {
    const [expected, check] = [checkOf(reference, name), checkOf(record, name)];
    if (!isChecked(expected) || !isChecked(check) || isSameCheck(expected, check)) return [];
    return [[name, check] as const];
  });
  const capabilities = Object.entries(record.kvm.capabilities).filter(
    ([name, value]) => (reference.kvm.capabilities[name] ?? value) !== value,
  );
  return parts({ registers, checks, capabilities });
}

/** A difference of parts that may be empty, without those that are. */
function parts({
  registers,
  checks,
  capabilities,
}: {
  readonly registers: readonly (readonly [string, RegisterRecord])[];
  readonly checks: readonly (readonly [string, HostileCheck])[];
  readonly capabilities: readonly (readonly [string, number])[];
}): EmulatorDifference {
  return {
    ...(registers.length > 0 ? { registers: Object.fromEntries(registers) } : {}),
    ...(checks.length > 0 ? { checks: Object.fromEntries(checks) } : {}),
    ...(capabilities.length > 0 ? { capabilities: Object.fromEntries(capabilities) } : {}),
  };
}

/** Everything that a difference is about. */
export function subjectsOf(difference: EmulatorDifference): EmulatorSubject[] {
  const { registers = {}, checks = {}, capabilities = {} } = difference;
  return [
    ...Object.keys(registers).map((name) => ({ kind: 'registers', name }) as const),
    ...HOSTILE_CHECKS.filter((name) => name in checks).map(
      (name) => ({ kind: 'checks', name }) as const,
    ),
    ...Object.keys(capabilities).map((name) => ({ kind: 'capabilities', name }) as const),
  ];
}

/** The part of a difference that is about some of its subjects. */
export function partOf(
  { registers = {}, checks = {}, capabilities = {} }: EmulatorDifference,
  isMeant: (subject: EmulatorSubject) => boolean,
): EmulatorDifference {
  return parts({
    registers: Object.entries(registers).filter(([name]) => isMeant({ kind: 'registers', name })),
    checks: HOSTILE_CHECKS.flatMap((name) => {
      const check = checks[name];
      return check !== undefined && isMeant({ kind: 'checks', name }) ? [[name, check]] : [];
    }),
    capabilities: Object.entries(capabilities).filter(([name]) =>
      isMeant({ kind: 'capabilities', name }),
    ),
  });
}

/** Several differences as one; of what two of them are about, the later's counts. */
export function joined(differences: readonly EmulatorDifference[]): EmulatorDifference {
  const all = <K extends keyof EmulatorDifference>(kind: K): EmulatorDifference[K] =>
    Object.assign({}, ...differences.map((one) => one[kind])) as EmulatorDifference[K];
  return parts({
    registers: Object.entries(all('registers') ?? {}),
    checks: Object.entries(all('checks') ?? {}),
    capabilities: Object.entries(all('capabilities') ?? {}),
  });
}

/** `reference` with what a difference says; its cell, kernel and QEMU stay. */
export function withDifference(
  reference: CellRecord,
  { registers = {}, checks = {}, capabilities = {} }: EmulatorDifference,
): CellRecord {
  const { kvm, hostile } = reference;
  return {
    ...reference,
    kvm: { ...kvm, capabilities: { ...kvm.capabilities, ...capabilities } },
    ...(hostile === undefined
      ? {}
      : { hostile: { ...hostile, checks: { ...hostile.checks, ...checks } } }),
    registers: { ...reference.registers, ...registers },
  };
}

function checkOf(record: CellRecord, name: HostileCheckName): HostileCheck | undefined {
  return record.hostile?.checks[name];
}
