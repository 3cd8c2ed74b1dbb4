import { IGNORED_READ, IGNORED_WRITE } from '../../record/ignored-access.js';
import type { GuestAgreement, GuestAnswer } from '../../record/record.generated.js';
import { hexValue } from '../classify.js';
import { allOnes } from '../patterns.js';
import type { Register } from '../../sync/register-table.js';
import type { StepAnswer } from './guest-run.js';
import { SENTINEL } from './guest-step.js';

/** What is known of one register after a guest read it. */
export interface ReadSeen {
  readonly register: Register;
  /** The guest's access. */
  readonly read: StepAnswer;
  /** What ONE_REG got just before the guest ran; undefined when it was refused. */
  readonly kvm: bigint | undefined;
  /** Whether the register counts up while the guest runs. */
  readonly counts: boolean;
  /** Whether another value than KVM's is a random one of the host's. */
  readonly isSecret?: boolean;
  /** Bits that are not compared. */
  readonly moves?: bigint;
}

/** What is known of one register that a guest wrote between two readings. */
export interface WriteSeen {
  readonly register: Register;
  readonly readBefore: StepAnswer;
  readonly write: StepAnswer;
  readonly readAfter: StepAnswer;
  /** What the guest wrote. */
  readonly value: bigint;
  /** What ONE_REG got after the guest ran; undefined when it was refused. */
  readonly kvm: bigint | undefined;
  /** Bits that are not compared. */
  readonly moves?: bigint;
}

/** Ticks that a counter may be ahead of its copy: a minute of a timebase of 512 MHz, and more. */
const COUNTED = 1n << 36n;

/** Whether a counter that read `before` may read `after` some time later. */
export function hasCountedOn(before: bigint, after: bigint): boolean {
  return BigInt.asUintN(64, after - before) < COUNTED;
}

/** The `read` of a row's `guest`: does the guest see what ONE_REG says? */
export function readAnswer({
  register,
  read,
  kvm,
  counts,
  isSecret,
  moves,
}: ReadSeen): GuestAnswer {
  if (read.outcome === 'trapped') return trapped(read.vector);
  if (read.outcome === 'stopped') return untested(read.why);
  if (isReadIgnored(read, register)) return notAccessible(IGNORED_READ);
  if (kvm === undefined) return untested('ONE_REG does not get it');
  if (counts) {
    // Two runs read two values: they are no part of the answer.
    return { answer: hasCountedOn(kvm, read.value) ? 'agrees' : 'differs' };
  }
  const answer = compared(register, kvm, read.value, moves);
  // Zero is a value like another; a key is of one boot, and no part of the answer.
  return isSecret === true && answer.answer === 'differs' && read.value !== 0n
    ? { answer: 'differs', kvm: hexValue(kvm, register) }
    : answer;
}

/** The `write` of a row's `guest`: does ONE_REG say what the guest wrote, as the guest reads it? */
export function writeAnswer(seen: WriteSeen): GuestAnswer {
  const { register, readBefore, write, readAfter, value, kvm, moves } = seen;
  if (write.outcome === 'trapped') return trapped(write.vector);
  if (write.outcome === 'stopped') return untested(write.why);
  if (readAfter.outcome !== 'done') return untested('the guest cannot read what it wrote');
  if (isReadIgnored(readAfter, register)) return notAccessible(IGNORED_WRITE);
  const inWidth = readAfter.value & allOnes(register);
  const isUnmoved = readBefore.outcome === 'done' && readBefore.value === readAfter.value;
  if (isUnmoved && inWidth !== (value & allOnes(register))) {
    return notAccessible(IGNORED_WRITE);
  }
  if (kvm === undefined) return untested('ONE_REG does not get it');
  return compared(register, kvm, readAfter.value, moves);
}

/** The `guest` of a register that no instruction of a guest reaches. */
export function noAgreement(why: string): GuestAgreement {
  return { read: notAccessible(why), write: notAccessible(why) };
}

function compared(register: Register, kvm: bigint, guest: bigint, moves = 0n): GuestAnswer {
  const inWidth = guest & allOnes(register);
  if (((inWidth ^ kvm) & ~moves) === 0n) return { answer: 'agrees' };
  return {
    answer: 'differs',
    kvm: hexValue(kvm, register),
    guest: hexValue(inWidth, register),
    mask: hexValue(inWidth ^ kvm, register),
  };
}

/** Whether the processor made nothing of the read. */
export function isReadIgnored(read: StepAnswer, { spr }: Register): boolean {
  return spr !== undefined && read.outcome === 'done' && read.value === SENTINEL;
}

function trapped(vector: number): GuestAnswer {
  return { answer: 'traps', vector: vectorText(vector) };
}

/** An interrupt vector as records hold it. */
export function vectorText(vector: number): string {
  return `0x${vector.toString(16).padStart(3, '0')}`;
}

export function notAccessible(why: string): GuestAnswer {
  return { answer: 'not-accessible', why };
}

function untested(why: string): GuestAnswer {
  return { answer: 'untested', why };
}
