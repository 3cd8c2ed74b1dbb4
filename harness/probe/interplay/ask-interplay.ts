import type { CellRecord, RegisterRecord, StateRecord } from '../../record/record.generated.js';
import type { KvmHost } from '../../agent/kvm-host.js';
import { registerTable } from '../../sync/register-table.js';
import type { StateOptions } from '../states/kvm-calls.js';
import type { StateName } from '../../record/states.js';
import type { Interplay } from './asked-vcpus.js';
import { holdsPuts } from './asked-vcpus.js';
import { askGuardedMemory, askWrongSizes } from './guarded-memory.js';
import { askPutValues } from './put-values.js';
import { askQuietGets } from './quiet-gets.js';
import { askRefusedPuts } from './refused-puts.js';
import { askRestoreOrders } from './restore-orders.js';
import { askOtherSetters, askSecondPaths } from './second-paths.js';
import { askTwoVcpus } from './two-vcpus.js';

/** How each question is asked. */
const QUESTIONS: readonly (readonly [StateName, (of: Interplay) => Promise<StateRecord>])[] = [
  ['vcpus', askTwoVcpus],
  ['gets', askQuietGets],
  ['put-values', askPutValues],
  ['refused-puts', askRefusedPuts],
  ['orders', askRestoreOrders],
  ['paths', askSecondPaths],
  ['setters', askOtherSetters],
  ['memory', askGuardedMemory],
  ['wrong-sizes', askWrongSizes],
];

/**
 * Asks what calls have to do with each other, with other vCPUs and with the caller's memory. `rows` are
 * what each register answered alone: only those that hold what they are given are asked here.
 */
export async function askInterplay(
  host: KvmHost,
  rows: ReadonlyMap<string, RegisterRecord>,
  options: StateOptions,
  onAsked: (name: StateName) => Promise<void>,
): Promise<NonNullable<CellRecord['states']>> {
  const of = interplayOf(host, rows, options);
  const states: Record<string, StateRecord> = {};
  for (const [name, ask] of QUESTIONS) {
    states[name] = await ask(of);
    await onAsked(name);
  }
  return states;
}

/** What the questions are asked of. */
export function interplayOf(
  host: KvmHost,
  rows: ReadonlyMap<string, RegisterRecord>,
  options: StateOptions,
): Interplay {
  const registers = registerTable().filter(({ name }) => holdsPuts(rows.get(name)));
  return { host, options, rows, registers };
}
