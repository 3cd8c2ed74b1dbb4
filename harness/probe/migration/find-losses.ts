import type { Migration } from '../../record/record.generated.js';
import type { Loss } from '../../record/migration.generated.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { registerTable } from '../../sync/register-table.js';
import type { Register } from '../../sync/register-table.js';
import { hexValue } from '../classify.js';
import { migrationOf } from './compare-guests.js';
import type { KnownRegisters } from './known-registers.js';
import type { RestoredGuest } from './restore-guest.js';
import type { SavedGuest } from './save-guest.js';

/** What came of a guest that was restored elsewhere. */
export interface Losses {
  /** Registers of which nothing is lost. */
  readonly kept: number;
  readonly lost: readonly Loss[];
}

/**
 * What a saved guest lost in `restored`, in the order of registers; `known` are the registers of the
 * target. A put that is refused loses nothing where the target holds the value all the same.
 */
export function findLosses(
  saved: SavedGuest,
  restored: RestoredGuest,
  known: KnownRegisters,
  facts: RegisterFacts,
): Losses {
  const lost: Loss[] = [];
  let kept = 0;
  for (const register of registerTable()) {
    const fact = facts.get(register.name);
    const migration = fact && migrationOf(register, fact, saved, restored);
    if (migration === undefined) continue;
    const again = restored.registers.get(register.name);
    // A register that the target does not have loses nothing where it was as on a fresh vCPU.
    const isThere =
      again === undefined && !known.fresh.has(register.name)
        ? saved.untouched.has(register.name)
        : again === saved.registers.get(register.name);
    const loss = lossOf(register, migration, isThere, known);
    if (loss === undefined) kept += 1;
    else lost.push(loss);
  }
  return { kept, lost };
}

function lossOf(
  register: Register,
  { guest, ...migration }: Migration,
  isThere: boolean,
  known: KnownRegisters,
): Loss | undefined {
  const ofValue = isThere ? undefined : lossOfValue(register, migration, known);
  if (guest === undefined || guest.answer === 'agrees') return ofValue;
  const { answer, before, after, vector } = guest;
  return {
    ...(ofValue ?? { register: register.name, how: 'guest' as const }),
    guest: answer,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(vector === undefined ? {} : { vector }),
  };
}

function lossOfValue(
  register: Register,
  { answer, errno, saved, restored }: Migration,
  known: KnownRegisters,
): Loss | undefined {
  const value = saved === undefined ? {} : { saved };
  switch (answer) {
    case 'kept':
    case 'untested':
      return undefined;
    case 'refused': {
      const how = known.fresh.has(register.name) ? 'refused' : 'unknown';
      return {
        ...{ register: register.name, how },
        ...(errno === undefined ? {} : { errno }),
        ...value,
      };
    }
    case 'changed':
      return {
        ...{ register: register.name, how: 'masked' },
        ...value,
        ...(saved === undefined || restored === undefined
          ? {}
          : { restored, mask: hexValue(BigInt(saved) ^ BigInt(restored), register) }),
      };
  }
}
