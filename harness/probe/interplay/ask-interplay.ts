import type { CellRecord, RegisterRecord, StateRecord } from '../../record/record.generated.js';
import type { KvmHost } from '../../agent/kvm-host.js';
import { registerTable } from '../../sync/register-table.js';
import { distinctValue, otherValue } from '../patterns.js';
import type { StateOptions } from '../states/kvm-calls.js';
import type { StateName } from '../../record/states.js';
import type { Interplay } from './asked-vcpus.js';
import { holdsPuts, onVcpu } from './asked-vcpus.js';
import { askGuardedMemory, askWrongSizes } from './guarded-memory.js';
import { askOtherSetters } from './other-setters.js';
import { askPutValues } from './put-values.js';
import { askQuietGets } from './quiet-gets.js';
import { askRefusedPuts } from './refused-puts.js';
import { askRestoreOrders } from './restore-orders.js';
import { askSecondPaths } from './second-paths.js';
import { takenValues } from './taken-values.js';
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
  const of = await interplayOf(host, rows, options);
  const states: Record<string, StateRecord> = {};
  for (const [name, ask] of QUESTIONS) {
    states[name] = await ask(of);
    await onAsked(name);
  }
  return states;
}

/** What the questions are asked of. */
export async function interplayOf(
  host: KvmHost,
  rows: ReadonlyMap<string, RegisterRecord>,
  options: StateOptions,
): Promise<Interplay> {
  const first = registerTable().filter(({ name }) => holdsPuts(rows.get(name)));
  const untried = { host, options, rows, holding: [], registers: [] };
  const plain = { ...untried, first: distinctValue, second: otherValue };
  const values = await takenValues(rows, first, options.byteOrder, async (operations) =>
    onVcpu(plain, async (vcpu) => vcpu.run(operations)),
  );
  const holding = registerTable().filter((register) => values.has(register));
  return {
    ...{ host, options, rows, holding },
    registers: holding.filter(({ name }) => rows.get(name)?.support !== 'aliased'),
    first: (register) => values.get(register)?.first ?? distinctValue(register),
    second: (register) => values.get(register)?.second ?? otherValue(register),
  };
}
