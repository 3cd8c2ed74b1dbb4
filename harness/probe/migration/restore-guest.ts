import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { RegisterState } from '../../sync/register-state.js';
import { registerTable } from '../../sync/register-table.js';
import type { Operation } from '../../sync/operation.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { runGuest } from '../guest/guest-run.js';
import type { KnownRegisters, MigrationOptions } from './known-registers.js';
import type { SavedGuest } from './save-guest.js';
import { TM_REGISTER } from './save-guest.js';
import { virtualProcessorArea } from './virtual-processor-area.js';

/** What came of a saved guest on another vCPU. */
export interface RestoredGuest {
  /** The registers whose put was refused, each with its negative errno. */
  readonly refused: ReadonlyMap<string, number>;
  /** What ONE_REG got after all puts and before the guest ran, by name. */
  readonly registers: ReadonlyMap<string, bigint>;
  /** What came of the guest's reading of each register that it could read before. */
  readonly seen: ReadonlyMap<string, StepAnswer>;
}

/** How a guest is restored: `skipped` are registers that it must not read, because that stops it. */
export type RestoreOptions = MigrationOptions & { readonly skipped?: ReadonlySet<string> };

/** A restored guest, and the puts that it was restored with as they were executed. */
export interface PutGuest extends Pick<RestoredGuest, 'registers' | 'seen'> {
  readonly executed: readonly Operation[];
}

/**
 * Restores a saved guest on a fresh vCPU in libsprsync's order, at level full; saves it again; and lets
 * the guest read what it could read before.
 */
export async function restoreGuest(
  host: KvmHost,
  saved: Pick<SavedGuest, 'registers' | 'seen'>,
  known: KnownRegisters,
  facts: RegisterFacts,
  options: RestoreOptions,
): Promise<RestoredGuest> {
  using state = new RegisterState(registerTable(), 'raw');
  for (const [name, value] of saved.registers) state.setValue(name, value);
  const puts = state.planPut(options.capabilities, 'full');
  const { executed, ...restored } = await putGuest(host, puts, saved, known, facts, options);
  const refusals = state.commit(executed);
  return {
    ...restored,
    refused: new Map(refusals.map(({ register, error }) => [register.name, error])),
  };
}

/** Puts onto a fresh vCPU, gets all registers of it, and lets the guest read what it could read before. */
export async function putGuest(
  host: KvmHost,
  puts: readonly Operation[],
  { registers, seen }: Pick<SavedGuest, 'registers' | 'seen'>,
  known: KnownRegisters,
  facts: RegisterFacts,
  options: RestoreOptions,
): Promise<PutGuest> {
  using again = new RegisterState(registerTable(), 'raw');
  const gets = again.planGet(options.capabilities);
  const steps = registerTable().flatMap((register): GuestStep[] => {
    const access = facts.get(register.name)?.guest;
    const isRead = seen.has(register.name) && options.skipped?.has(register.name) !== true;
    return access === undefined || access.by === 'nothing' || !isRead
      ? []
      : [{ register, access, direction: 'read', value: 0n }];
  });
  const run = await runGuest(
    host,
    steps,
    { before: [...puts, ...gets], after: [] },
    {
      ...options,
      hasTm: known.fresh.has(TM_REGISTER),
      isRestored: true,
      memory: virtualProcessorArea(registers),
    },
  );
  again.commit(run.before.slice(puts.length));
  return {
    executed: run.before.slice(0, puts.length),
    registers: new Map(
      registerTable().flatMap(({ name }) => {
        const value = again.value(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    seen: new Map(
      steps.flatMap((step) => {
        const answer = run.answers.get(step);
        return answer === undefined ? [] : [[step.register.name, answer] as const];
      }),
    ),
  };
}
