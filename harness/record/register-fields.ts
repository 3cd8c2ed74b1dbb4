import type { BitState } from './bit-strip.js';
import { BIT_STATE_NAMES, bitRuns } from './bit-strip.js';
import type { RegisterFact } from './registers.generated.js';

/** A field of a register; bit 0 is the least significant, as in the kernel's masks. */
export interface RegisterField {
  readonly name: string;
  readonly high: number;
  readonly low: number;
}

/** What matrix/registers.json says of the fields of registers, by their names. */
type FieldFacts = ReadonlyMap<string, Pick<RegisterFact, 'fields' | 'fieldsOf'>>;

/**
 * The fields of a register of `sizeBits`, the highest first; none where matrix/registers.json names
 * none. A register that has another's fields has those that it is wide enough for.
 */
export function fieldsOf(facts: FieldFacts, register: string, sizeBits: number): RegisterField[] {
  const fact = facts.get(register);
  const text = fact?.fields ?? facts.get(fact?.fieldsOf ?? '')?.fields;
  if (text === undefined) return [];
  return text
    .split(', ')
    .map((field) => {
      const [name = '', bits = ''] = field.split(' ');
      const [high, low = high] = bits.split('-').map(Number);
      return { name, high: high ?? 0, low: low ?? 0 };
    })
    .filter(({ high }) => high < sizeBits);
}

/** What is wrong with the fields of matrix/registers.json, one line each. */
export function fieldFaults(facts: FieldFacts, sizes: ReadonlyMap<string, number>): string[] {
  const faults: string[] = [];
  for (const [register, { fields, fieldsOf: other }] of facts) {
    if (other !== undefined && facts.get(other)?.fields === undefined)
      faults.push(`${register}: fieldsOf names ${other}, which has no fields`);
    if (fields === undefined) continue;
    let below = sizes.get(register) ?? 0;
    for (const { name, high, low } of fieldsOf(facts, register, Infinity)) {
      if (high >= below || low > high)
        faults.push(`${register}: field ${name} (${high}-${low}) is not below bit ${below}`);
      below = low;
    }
  }
  return faults;
}

/**
 * Guests' accesses that would be compared with nothing, one line each: bits that move by themselves are whole
 * fields, and not all of a register; what counts a guest may only read; and a guest's values are not all one.
 */
export function accessFaults(
  facts: ReadonlyMap<string, Pick<RegisterFact, 'fields' | 'fieldsOf' | 'guest'>>,
  sizes: ReadonlyMap<string, number>,
): string[] {
  return [...facts].flatMap(([register, { guest }]) => {
    if (guest.by === 'nothing') return [];
    const size = sizes.get(register) ?? 0;
    const ones = (1n << BigInt(size)) - 1n;
    const fields = fieldsOf(facts, register, size).map(maskOf);
    const moves = BigInt(guest.moves ?? '0x0');
    const ofFields = fields.filter((mask) => (mask & ~moves) === 0n);
    const isWhole = moves === ofFields.reduce((sum, mask) => sum | mask, 0n);
    const isAll = moves !== 0n && ofFields.length === fields.length;
    const fixed = (BigInt(guest.set ?? '0x0') | BigInt(guest.clear ?? '0x0')) & ones;
    return [
      ...(isWhole && !isAll ? [] : [`${register}: guest.moves: it must be some of its fields`]),
      ...(guest.counts === true && guest.readOnly !== true
        ? [`${register}: guest.counts: a guest may only read what counts`]
        : []),
      ...(fixed === ones ? [`${register}: guest.set and guest.clear leave one value alone`] : []),
    ];
  });
}

function maskOf({ high, low }: RegisterField): bigint {
  return ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
}

/** Fields by what their bits do, in the order of the fields: "writable" -> ILE 25, AIL 24-23. */
export function fieldsByState(
  fields: readonly RegisterField[],
  states: readonly BitState[],
): Map<string, RegisterField[]> {
  const byState = new Map<string, RegisterField[]>();
  for (const field of fields) {
    const state = stateOfField(field, states);
    byState.set(state, [...(byState.get(state) ?? []), field]);
  }
  return byState;
}

/** "ILE 25", "AIL 24-23". */
export function bitFieldText({ name, high, low }: RegisterField): string {
  return `${name} ${bitsOf(high, low)}`;
}

/** "writable"; "54 refused, 53-52 writable" where its bits do different things. */
function stateOfField({ high, low }: RegisterField, states: readonly BitState[]): string {
  const top = states.length - 1;
  const runs = bitRuns(states.slice(top - high, top - low + 1));
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return BIT_STATE_NAMES[only.state];
  return runs
    .map((run) => `${bitsOf(run.high + low, run.low + low)} ${BIT_STATE_NAMES[run.state]}`)
    .join(', ');
}

function bitsOf(high: number, low: number): string {
  return high === low ? `${high}` : `${high}-${low}`;
}
