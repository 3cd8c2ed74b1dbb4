import type { RegisterRecord } from './record.generated.js';

/** What one bit of a register does. `fixed`: it does not follow, and its fresh value is not known. */
export type BitState = 'writable' | 'stuck-0' | 'stuck-1' | 'fixed' | 'refused';

/** A run of neighbouring bits that do the same; bit 0 is the least significant one. */
export interface BitRun {
  readonly high: number;
  readonly low: number;
  readonly state: BitState;
}

/**
 * What each bit of a register does, the most significant first: it follows a put, or it stays at
 * its fresh value, or a put of it alone is refused. Undefined where no round trip could be made.
 */
export function bitStates(
  { size }: Pick<RegisterRecord, 'size'>,
  { writable, reset, refused }: Pick<RegisterRecord, 'writable' | 'reset' | 'refused'>,
): BitState[] | undefined {
  if (writable === null) return undefined;
  const follows = BigInt(writable);
  const fresh = reset === null ? undefined : BigInt(reset);
  const refusedBits = refused.reduce((bits, refusal) => bits | BigInt(refusal.bits), 0n);
  const isSet = (bits: bigint, bit: number): boolean => ((bits >> BigInt(bit)) & 1n) === 1n;
  return Array.from({ length: size }, (_, index) => {
    const bit = size - 1 - index;
    if (isSet(follows, bit)) return 'writable';
    if (isSet(refusedBits, bit)) return 'refused';
    if (fresh === undefined) return 'fixed';
    return isSet(fresh, bit) ? 'stuck-1' : 'stuck-0';
  });
}

/** Bits as runs, the most significant first. */
export function bitRuns(states: readonly BitState[]): BitRun[] {
  const runs: BitRun[] = [];
  for (const [index, state] of states.entries()) {
    const bit = states.length - 1 - index;
    const last = runs.at(-1);
    if (last?.state === state) runs[runs.length - 1] = { ...last, low: bit };
    else runs.push({ high: bit, low: bit, state });
  }
  return runs;
}

/** What a bit state is called. */
export const BIT_STATE_NAMES: Readonly<Record<BitState, string>> = {
  writable: 'writable',
  'stuck-0': 'stuck at 0',
  'stuck-1': 'stuck at 1',
  fixed: 'does not follow',
  refused: 'refused',
};

/** Bits in words: "63-32 stuck at 0, 31-0 writable"; a strip of one kind as "all 64 writable". */
export function bitsText(states: readonly BitState[]): string {
  const runs = bitRuns(states);
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) {
    return `all ${states.length} ${BIT_STATE_NAMES[only.state]}`;
  }
  return runs
    .map(({ high, low, state }) => {
      const bits = high === low ? `${high}` : `${high}-${low}`;
      return `${bits} ${BIT_STATE_NAMES[state]}`;
    })
    .join(', ');
}

/** What stands for a bit in a strip, so that it is legible without colours. */
const BIT_LETTERS: Readonly<Record<BitState, string>> = {
  writable: 'w',
  'stuck-0': '0',
  'stuck-1': '1',
  fixed: '?',
  refused: 'x',
};

/** A strip of letters, 32 bits a line, in bytes, with the numbers of its outer bits. */
export function bitStripLines(states: readonly BitState[]): string[] {
  const letters = states.map((state) => BIT_LETTERS[state]).join('');
  return Array.from({ length: states.length / 32 }, (_, line) => {
    const high = states.length - 1 - line * 32;
    const bytes = letters.slice(line * 32, line * 32 + 32).match(/.{8}/g) ?? [];
    return `${String(high).padStart(3)} ${bytes.join(' ')} ${high - 31}`;
  });
}
