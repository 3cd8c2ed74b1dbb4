import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { VmmAnswer } from '../../record/migration-answer.js';
import { registerNamed } from '../../sync/register-table.js';
import { put } from '../one-reg.js';
import { findLosses } from './find-losses.js';
import type { KnownRegisters, MigrationOptions } from './known-registers.js';
import type { RestoredGuest, RestoreOptions } from './restore-guest.js';
import { putGuest } from './restore-guest.js';
import type { SavedGuest } from './save-guest.js';

/** A put of a VMM: of a register's id, with the value that the VMM has for it. */
export interface VmmPut {
  readonly name: string;
  readonly value: bigint;
  /** A refusal ends the puts of this group; undefined: it ends nothing. */
  readonly group?: string | undefined;
}

/** A VMM other than libsprsync's, which guests are restored as if by. */
export interface PlayedVmm {
  /** As a person knows it: "QEMU 10.0". */
  readonly name: string;
  /** Its puts for a guest that was migrated, in its order; `target` is the KVM that it goes to. */
  readonly puts: (
    saved: ReadonlyMap<string, bigint>,
    target: Pick<MigrationOptions, 'isPapr' | 'capabilities'>,
  ) => readonly VmmPut[];
}

/** Restores a saved guest as another VMM does, on a fresh vCPU, and says what was lost with it. */
export async function restoreAs(
  vmm: PlayedVmm,
  host: KvmHost,
  saved: SavedGuest,
  known: KnownRegisters,
  facts: RegisterFacts,
  options: RestoreOptions,
): Promise<VmmAnswer> {
  let puts = vmm.puts(saved.registers, options);
  for (;;) {
    const operations = puts.map(({ name, value }) => put(registerNamed(name), value));
    const { executed, ...restored } = await putGuest(
      ...[host, operations, saved, known, facts, options],
    );
    const errors = executed.map(({ error }) => error);
    const left = withoutEnded(puts, errors);
    if (left.length === puts.length) {
      return vmmAnswer(vmm, puts, errors, restored, { saved, known, facts });
    }
    // What was put after the refusal must not be there: once more, on a fresh vCPU.
    puts = left;
  }
}

/** The puts that are made when each group ends at its first refusal; `errors` are those of `puts`. */
export function withoutEnded(puts: readonly VmmPut[], errors: readonly number[]): VmmPut[] {
  const ended = new Set<string>();
  return puts.filter(({ group }, index) => {
    if (group === undefined) return true;
    const isMade = !ended.has(group);
    if (errors[index] !== 0) ended.add(group);
    return isMade;
  });
}

function vmmAnswer(
  { name }: PlayedVmm,
  puts: readonly VmmPut[],
  errors: readonly number[],
  restored: Pick<RestoredGuest, 'registers' | 'seen'>,
  guest: {
    readonly saved: SavedGuest;
    readonly known: KnownRegisters;
    readonly facts: RegisterFacts;
  },
): VmmAnswer {
  const refused = new Map(
    puts.flatMap((it, index) => {
      const error = errors[index] ?? 0;
      return error === 0 ? [] : [[it.name, error] as const];
    }),
  );
  const losses = findLosses(guest.saved, { ...restored, refused }, guest.known, guest.facts);
  const made = new Set(puts.map((it) => it.name));
  const lost = losses.lost.map((loss) =>
    made.has(loss.register) || loss.how === 'guest' ? loss : { ...loss, how: 'not-put' as const },
  );
  return { name, kept: losses.kept, lost, refused: [...refused.keys()] };
}
