import type { HostileCall, HostileResult, PointerPlace } from '../../agent/hostile-calls.js';
import { POINTER_PLACES } from '../../agent/hostile-calls.js';
import type { Register } from '../../sync/register-table.js';
import { distinctValue, otherValue } from '../patterns.js';
import { answerName, Answers } from './answers.js';
import type { HostileVcpu } from './hostile-vcpu.js';
import { call, sampleRegisters } from './hostile-vcpu.js';

const EFAULT = -14;
/** Where a kernel can read, and where it can write too. */
const READABLE: ReadonlySet<PointerPlace> = new Set([
  'memory',
  'misaligned',
  'two-pages',
  'read-only',
]);
const WRITABLE: ReadonlySet<PointerPlace> = new Set(['memory', 'misaligned', 'two-pages']);
const SOUND_MEMORY: readonly PointerPlace[] = ['edge', 'other-fill'];
/** All but what the probe of states asks: memory that any caller could have. */
const ALL_PLACES = (Object.keys(POINTER_PLACES) as PointerPlace[]).filter(
  (place) => !SOUND_MEMORY.includes(place),
);
/** No register has it. */
const UNKNOWN_ID = 0x1030_0000_0000_03ffn;

/** A call, and what it must come to. */
interface Expectation {
  readonly call: HostileCall;
  readonly text: string;
  /** Any errno when undefined. */
  readonly error: number | undefined;
  /** What a get that succeeds answers. */
  readonly value?: bigint;
}

/** Which of the two pointers of a call is odd. */
export type Pointer = 'valueAt' | 'argumentAt';

/** Puts and gets with a pointer of every kind: memory that is there works, all else is EFAULT. */
export async function checkAddresses(vcpu: HostileVcpu, pointer: Pointer): Promise<Answers> {
  const expectations = [
    ...sampleRegisters(vcpu).flatMap((register) =>
      ALL_PLACES.flatMap((place) => ofRegister(register, place, pointer)),
    ),
    ...ALL_PLACES.flatMap((place) => ofUnknown(place, pointer)),
  ];
  const results = await call(
    vcpu,
    expectations.map((expectation) => expectation.call),
  );
  const answers = new Answers();
  expectations.forEach((expectation, index) => {
    const result = results[index];
    if (result !== undefined) judge(answers, expectation, result);
  });
  return answers;
}

/** The first value by an ordinary call, the other through the odd pointer, and what is there now. */
function ofRegister(register: Register, place: PointerPlace, pointer: Pointer): Expectation[] {
  const first = distinctValue(register);
  const other = otherValue(register);
  const takes = READABLE.has(place);
  // The kernel reads struct kvm_one_reg in both directions.
  const gives = pointer === 'valueAt' ? WRITABLE.has(place) : takes;
  const held = takes ? other : first;
  const text = (direction: string): string => `${direction} ${register.name} ${pointer} ${place}`;
  return [
    {
      call: callOf(register.id, 'put', first),
      text: `put ${register.name}`,
      error: 0,
    },
    {
      call: { ...callOf(register.id, 'put', other), [pointer]: place },
      text: text('put'),
      error: takes ? 0 : EFAULT,
    },
    {
      call: callOf(register.id, 'get'),
      text: `${text('put')}, then get`,
      error: 0,
      value: held,
    },
    {
      call: { ...callOf(register.id, 'get'), [pointer]: place },
      text: text('get'),
      error: gives ? 0 : EFAULT,
      value: held,
    },
  ];
}

/** With an unknown id both the id and the address are to blame: either errno will do. */
function ofUnknown(place: PointerPlace, pointer: Pointer): Expectation[] {
  return (['get', 'put'] as const).map((direction) => ({
    call: { ...callOf(UNKNOWN_ID, direction), [pointer]: place },
    text: `${direction} 0x${UNKNOWN_ID.toString(16)} ${pointer} ${place}`,
    error: undefined,
  }));
}

function callOf(id: bigint, direction: HostileCall['direction'], value = 0n): HostileCall {
  return { id, direction, value, valueAt: 'memory', argumentAt: 'memory' };
}

function judge(answers: Answers, expected: Expectation, result: HostileResult): void {
  answers.count(result.error);
  const { text, error, value } = expected;
  const isExpected = error === undefined ? result.error < 0 : result.error === error;
  if (!isExpected) {
    const wanted = error === undefined ? 'an errno' : answerName(error);
    answers.note(text, wanted, answerName(result.error));
  } else if (value !== undefined && result.error === 0 && result.value !== value) {
    answers.note(text, `0x${value.toString(16)}`, `0x${result.value.toString(16)}`);
  }
}
