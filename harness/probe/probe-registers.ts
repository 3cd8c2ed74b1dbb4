import type { KvmHost, VcpuHandle } from '../agent/kvm-host.js';
import type { RegisterRecord } from '../record/record.generated.js';
import type { Register } from '../sync/register-table.js';
import { RECORDED_CAPABILITIES } from './capabilities.js';
import { classify, isAccepted, writableBits } from './classify.js';
import { inPieces } from './in-pieces.js';
import type { Entanglement } from './isolation.js';
import {
  layBlame,
  planConfirmation,
  planIsolation,
  readConfirmation,
  readIsolation,
} from './isolation.js';
import type { Presence } from './round-trip.js';
import {
  compareResets,
  planDistinct,
  planFirstGets,
  planPutBack,
  planResets,
  readAliases,
  readPresence,
  takesItsValueBack,
} from './round-trip.js';
import type { RoundTrip, RoundTripOptions, Run } from './run-round-trip.js';
import { roundTrip } from './run-round-trip.js';

export interface ProbeOptions {
  /** KVM_CREATE_VM's type. */
  readonly vmType: number;
  /**
   * Enable KVM_CAP_PPC_PAPR on each vCPU, as a VMM does for HV before anything else: HV has no
   * other mode (arch/powerpc/kvm/powerpc.c, kvmppc_sanity_check), and since 7.2 a put of
   * ARCH_COMPAT ends with that check.
   */
  readonly isPapr: boolean;
  /** Put every bit of every register alone, not only where patterns of pairs were not all kept. */
  readonly isExhaustive?: boolean | undefined;
  /** The fields of a register; none when undefined. */
  readonly fieldsOf?: RoundTripOptions['fieldsOf'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const NOTHING: RoundTrip = { trips: [], all: [] };

/**
 * Presence, round trip and isolation for every register of `registers`, in their
 * order. Presence, distinct values, patterns and isolation each have a fresh VM and vCPU, so that what one
 * put upsets is not what the next one sees.
 */
export async function probeRegisters(
  host: KvmHost,
  registers: readonly Register[],
  options: ProbeOptions,
): Promise<RegisterRecord[]> {
  const ofFirst = await onFreshVcpu(host, options, async (run) => {
    const firstGets = await run(planFirstGets(registers));
    return readPresence(registers, firstGets, await run(planPutBack(registers, firstGets)));
  });
  const { presence, aliases } = await onFreshVcpu(host, options, async (run) => {
    const readable = ofFirst.filter(({ getError }) => getError === 0);
    const found = readable.map(({ register }) => register);
    const executed = await run([...planResets(found), ...planDistinct(found)]);
    const compared = new Map(
      compareResets(readable, executed).map((entry) => [entry.register.name, entry]),
    );
    return {
      presence: ofFirst.map((entry) => compared.get(entry.register.name) ?? entry),
      aliases: readAliases(found, executed.slice(found.length)),
    };
  });
  const { fieldsOf = () => [], isExhaustive } = options;
  const trips = await onFreshVcpu(host, options, async (run) =>
    roundTrip(presence, run, { fieldsOf, isExhaustive }),
  );
  const seen = await isolation(host, presence, options);
  const keeping = new Set(
    presence
      .filter((_, index) => writableBits((trips[index] ?? NOTHING).trips.filter(isAccepted)) !== 0n)
      .map(({ register }) => register.name),
  );
  const overlapsOf = new Map(registers.map(({ name, overlaps }) => [name, overlaps]));
  const blamed = layBlame(
    { aliases: unionOf(aliases, seen.aliases), victims: seen.victims },
    (name) => keeping.has(name),
    (name) => overlapsOf.get(name) ?? [],
  );
  return presence.map((entry, index) =>
    classify(entry, trips[index] ?? NOTHING, {
      aliases: blamed.aliases.get(entry.register.name),
      victims: blamed.victims.get(entry.register.name),
    }),
  );
}

/** Which registers a put of each changes, and whose value each answers with: found in rounds of many puts, then asked one by one. */
async function isolation(
  host: KvmHost,
  presence: readonly Presence[],
  options: ProbeOptions,
): Promise<Entanglement> {
  const registers = presence.filter(takesItsValueBack).map(({ register }) => register);
  const pairs = await onFreshVcpu(host, options, async (run) =>
    readIsolation(registers, await inPieces(planIsolation(registers), run)),
  );
  if (pairs.length === 0) return { aliases: new Map(), victims: new Map() };
  return onFreshVcpu(host, options, async (run) =>
    readConfirmation(registers, pairs, await inPieces(planConfirmation(registers, pairs), run)),
  );
}

/** By name, what either has; in the order of the first. */
function unionOf(
  a: Entanglement['aliases'],
  b: Entanglement['aliases'],
): Map<string, readonly string[]> {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return new Map(
    names.map((name) => [name, [...new Set([...(a.get(name) ?? []), ...(b.get(name) ?? [])])]]),
  );
}

/** Asks a vCPU that nothing was put to, in a VM of its own. */
export async function onFreshVcpu<T>(
  host: KvmHost,
  { vmType, isPapr, signal }: ProbeOptions,
  ask: (run: Run) => Promise<T>,
): Promise<T> {
  const { registers = host } = host;
  const vm = await registers.createVm(vmType, { signal });
  const vcpu: VcpuHandle = await registers.createVcpu(vm, 0, { signal });
  // Requests are obeyed in their order: those that need no answer of another are sent with it.
  const enabled = isPapr
    ? registers.enableVcpuCap(vcpu, RECORDED_CAPABILITIES.KVM_CAP_PPC_PAPR, { signal })
    : undefined;
  const [result] = await Promise.all([
    ask((operations) => registers.execute(vcpu, operations, { signal })),
    enabled,
  ]);
  await registers.destroyVm(vm, { signal });
  return result;
}
