import type { RegisterFact } from '../../record/register-facts.js';
import type { Register } from '../../sync/register-table.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { LPCR_ILE } from '../guest/guest-vcpu.js';
import { distinctValue, legalValue } from '../patterns.js';

/**
 * The values to try in a register of a vCPU that a guest of `order` then runs on; the last one that is
 * accepted is what it is filled with. Each is distinct and legal, as matrix/registers.json has it.
 */
export function fillValues(register: Register, fact: RegisterFact, order: ByteOrder): bigint[] {
  const { fill, guest } = fact;
  if (fill?.values !== undefined) return fill.values.map((value) => BigInt(value));
  const fixed = fill ?? (guest.by === 'nothing' ? {} : guest);
  const value = legalValue(register, fixed, distinctValue(register));
  if (!register.name.startsWith('LPCR')) return [value];
  return [order === 'little' ? value | LPCR_ILE : value & ~LPCR_ILE];
}
