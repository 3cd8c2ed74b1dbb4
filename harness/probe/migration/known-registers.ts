import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { Operation } from '../../sync/operation.js';
import { RegisterState } from '../../sync/register-state.js';
import { registerTable } from '../../sync/register-table.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { put } from '../one-reg.js';
import { onFreshVcpu } from '../probe-registers.js';
import { fillValues } from './fill-value.js';

/** What libsprsync asks a KVM for before it copies registers. */
export interface SyncCapabilities {
  readonly oneReg: boolean;
  readonly hior: boolean;
}

/** How vCPUs are made, and what the guest in them is. */
export interface MigrationOptions {
  /** KVM_CREATE_VM's type. */
  readonly vmType: number;
  /** Enable KVM_CAP_PPC_PAPR. */
  readonly isPapr: boolean;
  /** The guest's. */
  readonly byteOrder: ByteOrder;
  readonly capabilities: SyncCapabilities;
  readonly signal?: AbortSignal | undefined;
}

/** What a fresh vCPU says of the registers that it has. */
export interface KnownRegisters {
  /** The fresh value of each register that can be got. */
  readonly fresh: ReadonlyMap<string, bigint>;
  /** What each of these that accepts a legal value can be filled with. */
  readonly fill: ReadonlyMap<string, bigint>;
}

/** The capabilities that libsprsync wants, from KVM_CHECK_EXTENSION's answers. */
export function syncCapabilities(answers: Readonly<Record<string, number>>): SyncCapabilities {
  const has = (name: string): boolean => (answers[name] ?? 0) > 0;
  return { oneReg: has('KVM_CAP_ONE_REG'), hior: has('KVM_CAP_PPC_HIOR') };
}

/** Gets every register of a fresh vCPU, and tries on it what each may be filled with. */
export async function askKnownRegisters(
  host: KvmHost,
  facts: RegisterFacts,
  options: MigrationOptions,
): Promise<KnownRegisters> {
  const candidates = registerTable().flatMap((register) => {
    const fact = facts.get(register.name);
    const values = fact === undefined ? [] : fillValues(register, fact, options.byteOrder);
    return values.map((value) => ({ register, value }));
  });
  using state = new RegisterState(registerTable(), 'raw');
  const gets = state.planGet(options.capabilities);
  const puts = candidates.map(({ register, value }) => put(register, value));
  const executed = await onFreshVcpu(host, options, async (run) => run([...gets, ...puts]));
  state.commit(executed.slice(0, gets.length));
  const fresh = new Map<string, bigint>();
  for (const { name } of registerTable()) {
    const value = state.value(name);
    if (value !== undefined) fresh.set(name, value);
  }
  const accepted = candidates.filter(
    ({ register }, index) => fresh.has(register.name) && isDone(executed[gets.length + index]),
  );
  return { fresh, fill: new Map(accepted.map(({ register, value }) => [register.name, value])) };
}

function isDone(operation: Operation | undefined): boolean {
  return operation?.error === 0;
}
