import type { GuestCheck, Migration } from '../../record/record.generated.js';
import type { RegisterFact } from '../../record/register-facts.js';
import { errnoName } from '../../sync/errno.js';
import type { Register } from '../../sync/register-table.js';
import { hexValue } from '../classify.js';
import { hasCountedOn, isReadIgnored, vectorText } from '../guest/guest-answers.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { allOnes } from '../patterns.js';
import type { RestoredGuest } from './restore-guest.js';
import type { SavedGuest } from './save-guest.js';

/** Two runs save two values: they are no part of the answer. */
const COUNTS = 'it counts, so that the values are those of one run';

/**
 * The `migrates` of a row: is what was saved of a register there again? Undefined where nothing was
 * saved, because ONE_REG does not get it.
 */
export function migrationOf(
  register: Register,
  fact: RegisterFact,
  saved: SavedGuest,
  restored: RestoredGuest,
): Migration | undefined {
  const value = saved.registers.get(register.name);
  if (value === undefined) return undefined;
  const guest = guestCheck(register, fact, saved, restored);
  return { ...savedAgain(register, fact, saved, restored, value), ...(guest && { guest }) };
}

function savedAgain(
  register: Register,
  fact: RegisterFact,
  { untouched }: SavedGuest,
  { refused, registers }: RestoredGuest,
  value: bigint,
): Migration {
  const error = refused.get(register.name);
  const isCounter = counts(fact);
  const saved = hexValue(value, register);
  if (error !== undefined) {
    const errno = errnoName(error);
    return { answer: 'refused', errno, ...(isCounter ? { why: COUNTS } : { saved }) };
  }
  const again = registers.get(register.name);
  if (again === value) {
    return untouched.has(register.name)
      ? { answer: 'untested', why: 'it holds its fresh value' }
      : { answer: 'kept' };
  }
  if (isCounter) return { answer: 'changed', why: COUNTS };
  return {
    answer: 'changed',
    saved,
    ...(again === undefined
      ? { why: 'ONE_REG does not get it any more' }
      : { restored: hexValue(again, register) }),
  };
}

/** Does the guest read what it last read before? */
function guestCheck(
  register: Register,
  fact: RegisterFact,
  { seen }: SavedGuest,
  restored: RestoredGuest,
): GuestCheck | undefined {
  const before = seen.get(register.name);
  if (before === undefined || fact.guest.by === 'nothing') return undefined;
  const read: StepAnswer | undefined = restored.seen.get(register.name);
  if (read === undefined) return { answer: 'untested', why: 'an access stops the guest' };
  if (read.outcome === 'trapped') return { answer: 'traps', vector: vectorText(read.vector) };
  if (read.outcome === 'stopped') return { answer: 'untested', why: read.why };
  if (isReadIgnored(read, register)) return { answer: 'not-accessible' };
  const after = read.value & allOnes(register);
  if (fact.guest.counts === true) {
    return { answer: hasCountedOn(before, after) ? 'agrees' : 'differs' };
  }
  const moves = BigInt(fact.guest.moves ?? '0x0');
  if (((before ^ after) & ~moves) === 0n) return { answer: 'agrees' };
  // A key of the host's is of one boot, and no part of the answer.
  const isKey = fact.guest.secret === true && after !== 0n;
  return {
    answer: 'differs',
    before: hexValue(before, register),
    ...(isKey ? {} : { after: hexValue(after, register) }),
  };
}

function counts({ guest, fill }: RegisterFact): boolean {
  return fill?.counts === true || (guest.by !== 'nothing' && guest.counts === true);
}
