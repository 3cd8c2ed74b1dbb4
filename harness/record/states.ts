import type { CellRecord, StateRecord } from './record.generated.js';

/**
 * The states of a guest and of its VMM that no row of registers.def holds, in the order in which they
 * are asked: each has a rule of its own (`RULES`).
 */
export const STATES = [
  'host-facts',
  'arch-compat',
  'exits',
  'spr-scan',
  'sregs',
  'interrupts',
  'time',
  'watchpoints',
  'doorbells',
  'leaks',
  'vcpus',
  'gets',
  'put-values',
  'refused-puts',
  'orders',
  'paths',
  'setters',
  'memory',
  'wrong-sizes',
  'kernel-log',
] as const;
export type StateName = (typeof STATES)[number];

/** A state's item by its full name: `exits.cede.AMR`. */
export function itemName(state: string, item: string): string {
  return `${state}.${item}`;
}

/** The state of an item's full name, or of a state's own. */
export function stateOfItem(name: string): StateName | undefined {
  const [first = ''] = name.split('.');
  return STATES.find((state) => state === first);
}

/** A state that was asked. */
export function isAsked(state: StateRecord | undefined): state is StateRecord {
  return state !== undefined && state.untested === undefined;
}

/** An item that two records of a state answer differently; undefined where one has it not. */
export interface ItemChange {
  readonly item: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** The items in which two records of one state differ. */
export function changedItems(a: StateRecord, b: StateRecord): ItemChange[] {
  const items = new Set([...Object.keys(a.answers), ...Object.keys(b.answers)]);
  return [...items]
    .map((item) => ({ item, a: a.answers[item], b: b.answers[item] }))
    .filter((change) => change.a !== change.b);
}

/** What `record` asked of states, with what `other` has of those that it did not ask. */
export function mergedStates(
  record: CellRecord['states'],
  other: CellRecord['states'],
): CellRecord['states'] {
  if (record === undefined || other === undefined) return record ?? other;
  return {
    ...record,
    ...Object.fromEntries(Object.entries(other).filter(([name]) => !isAsked(record[name]))),
  };
}

/** A state as people read it, a line each: its items, and what should have been seen. */
export function stateLines({ answers, faults, untested }: StateRecord): string[] {
  if (untested !== undefined) return [`untested (${untested})`];
  return Object.entries(answers).map(([item, answer]) => {
    const expected = faults?.[item];
    return `${item}: ${answer}${expected === undefined ? '' : ` instead of ${expected}`}`;
  });
}
