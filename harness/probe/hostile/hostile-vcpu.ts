import type { CallFile, HostileCall, HostileResult } from '../../agent/hostile-calls.js';
import type { KvmHost } from '../../agent/kvm-host.js';
import type { RegisterRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed } from '../../sync/register-table.js';
import type { GuestOptions, GuestVcpu } from '../guest/guest-vcpu.js';

/** Longer than any of these requests takes, and no reason to keep a cell waiting. */
const HOSTILE_BUDGET_MS = 20_000;

/** The vCPU that hostile calls are made on, and what is known of its registers. */
export interface HostileVcpu extends GuestVcpu {
  readonly host: KvmHost;
  readonly options: GuestOptions;
  /** What the registers answered to the other probes, by their names. */
  readonly rows: ReadonlyMap<string, RegisterRecord>;
}

/** A vCPU with what its registers held before the first hostile call, each got twice. */
export interface FreshVcpu extends HostileVcpu {
  readonly before: readonly Operation[];
}

/** Makes calls, by default on the vCPU's own file. */
export async function call(
  { host, vcpu, options }: HostileVcpu,
  calls: readonly HostileCall[],
  file: CallFile = 'vcpu',
): Promise<HostileResult[]> {
  return host.hostileCalls(vcpu, file, calls, requestOptions(options));
}

/** Makes calls as libsprsync makes them. */
export async function execute(
  { host, vcpu, options }: HostileVcpu,
  operations: readonly Operation[],
): Promise<readonly Operation[]> {
  if (operations.length === 0) return operations;
  return host.execute(vcpu, operations, requestOptions(options));
}

/** The options of every request of this probe. */
export function requestOptions({ signal }: GuestOptions): {
  budgetMs: number;
  signal: AbortSignal | undefined;
} {
  return { budgetMs: HOSTILE_BUDGET_MS, signal };
}

/** Of the registers that calls are made with (32, 64 and 128 bits), those that hold what is put. */
export function sampleRegisters({ rows }: Pick<HostileVcpu, 'rows'>): Register[] {
  return ['DSISR', 'DAR', 'VR0']
    .filter((name) => rows.get(name)?.support === 'exact')
    .map(registerNamed);
}
