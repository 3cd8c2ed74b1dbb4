import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { RegisterState } from '../../sync/register-state.js';
import { registerTable } from '../../sync/register-table.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-vcpu.js';
import { runGuest } from '../guest/guest-vcpu.js';
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

/**
 * Restores a saved guest on a fresh vCPU in libsprsync's order, at level full; saves it again; and lets
 * the guest read what it could read before. `skipped` are registers that it must not read: an access
 * would stop it.
 */
export async function restoreGuest(
  host: KvmHost,
  { registers, seen }: Pick<SavedGuest, 'registers' | 'seen'>,
  known: KnownRegisters,
  facts: RegisterFacts,
  options: MigrationOptions & { readonly skipped?: ReadonlySet<string> },
): Promise<RestoredGuest> {
  using state = new RegisterState(registerTable(), 'raw');
  for (const [name, value] of registers) state.setValue(name, value);
  const puts = state.planPut(options.capabilities, 'full');
  const gets = state.planGet(options.capabilities);
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
  const refusals = state.commit(run.before.slice(0, puts.length));
  using again = new RegisterState(registerTable(), 'raw');
  again.commit(run.before.slice(puts.length));
  return {
    refused: new Map(refusals.map(({ register, error }) => [register.name, error])),
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
