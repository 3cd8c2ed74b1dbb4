import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { RegisterState } from '../../sync/register-state.js';
import { registerTable } from '../../sync/register-table.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { runGuest } from '../guest/guest-run.js';
import { hasCountedOn, isReadIgnored } from '../guest/guest-answers.js';
import { inWriteOrder } from '../guest/probe-guest.js';
import { allOnes, distinctValue, legalValue } from '../patterns.js';
import type { KnownRegisters, MigrationOptions } from './known-registers.js';
import { virtualProcessorArea } from './virtual-processor-area.js';

/** What a guest leaves behind: what a VMM saves of it, and what it saw last itself. */
export interface SavedGuest {
  /** What ONE_REG got, by name. */
  readonly registers: ReadonlyMap<string, bigint>;
  /** What the guest read last, by name; those that it cannot read are not there. */
  readonly seen: ReadonlyMap<string, bigint>;
  /** The registers that still had their fresh value: nothing of them can be lost. */
  readonly untouched: ReadonlySet<string>;
}

/** The register whose presence says that a guest has transactional memory. */
export const TM_REGISTER = 'TFHAR';

/**
 * Fills a vCPU with distinct legal values, lets a guest on it write every register that it may, and
 * saves all registers as a VMM does when the guest is stopped for its migration.
 */
export async function saveGuest(
  host: KvmHost,
  known: KnownRegisters,
  facts: RegisterFacts,
  options: MigrationOptions,
): Promise<SavedGuest> {
  using filled = new RegisterState(registerTable(), 'raw');
  for (const [name, value] of known.fill) filled.setValue(name, value);
  const steps = guestSteps(known, facts);
  const before = filled.planPut(options.capabilities, 'full');
  const after = filled.planGet(options.capabilities);
  const run = await runGuest(
    host,
    steps,
    { before, after, afterwards: otherWrites(steps) },
    {
      ...options,
      hasTm: known.fresh.has(TM_REGISTER),
      memory: virtualProcessorArea(known.fill),
    },
  );
  using saved = new RegisterState(registerTable(), 'raw');
  saved.commit(run.after);
  const registers = new Map<string, bigint>();
  const untouched = new Set<string>();
  for (const [name, fresh] of known.fresh) {
    const value = saved.value(name);
    if (value === undefined) continue;
    registers.set(name, value);
    if (value === fresh) untouched.add(name);
  }
  const seen = new Map<string, bigint>();
  for (const step of steps) {
    const value = step.direction === 'read' ? seenValue(step, run.answers.get(step)) : undefined;
    if (value !== undefined && isGuests(step, value, known)) seen.set(step.register.name, value);
  }
  return { registers, seen, untouched };
}

/** The guest's accesses: it writes what it may and reads it, and then reads what it may not write. */
function guestSteps(known: KnownRegisters, facts: RegisterFacts): GuestStep[] {
  const reads = registerTable().flatMap((register): GuestStep[] => {
    const access = facts.get(register.name)?.guest;
    return access === undefined || access.by === 'nothing' || !known.fresh.has(register.name)
      ? []
      : [{ register, access, direction: 'read', value: 0n }];
  });
  const isWritable = ({ access }: GuestStep): boolean => access.readOnly !== true;
  const writes = reads.filter(isWritable).map(({ register, access }): GuestStep => {
    const value = legalValue(register, access, ~distinctValue(register));
    return { register, access, direction: 'write', value };
  });
  return [
    ...inWriteOrder(writes, reads.filter(isWritable)),
    ...reads.filter((read) => !isWritable(read)),
  ];
}

/**
 * Whether what the guest read is its own. A count that does not go on from what the vCPU was filled with
 * is that of the machine: how long that runs is no answer.
 */
function isGuests({ register, access }: GuestStep, value: bigint, known: KnownRegisters): boolean {
  const filled = known.fill.get(register.name);
  return access.counts !== true || (filled !== undefined && hasCountedOn(filled, value));
}

/**
 * Writes of other values, after the guest was saved: what KVM leaves in the processor must not be taken
 * for what it restored.
 */
function otherWrites(steps: readonly GuestStep[]): GuestStep[] {
  return steps
    .filter(({ direction }) => direction === 'write')
    .map((step) => {
      const value = legalValue(step.register, step.access, distinctValue(step.register));
      return { ...step, value };
    });
}

/** What the guest read; undefined where it cannot read the register. */
function seenValue({ register }: GuestStep, answer: StepAnswer | undefined): bigint | undefined {
  if (answer?.outcome !== 'done' || isReadIgnored(answer, register)) return undefined;
  return answer.value & allOnes(register);
}
