import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { SeededRandom } from '../hostile/seeded-random.js';
import { StateAnswers } from '../states/state-answers.js';
import type { Interplay, ValueOf } from './asked-vcpus.js';
import { answerOf, onVcpu, savedValues } from './asked-vcpus.js';
import { culprit } from '../culprit.js';

const SEED = 1;
/** How many random orders are tried. */
const RANDOM_ORDERS = 40;

/**
 * Whether the end of a restore depends on its order: fresh vCPUs are put the same values in the order of
 * libsprsync, in reverse, and in random orders. Of a register that differs, the one whose place matters
 * is found by halving what is put before it, and what is put after it.
 */
export async function askRestoreOrders(of: Interplay): Promise<StateRecord> {
  const { registers } = of;
  const answers = new StateAnswers();
  answers.say(
    'asked',
    `${registers.length} registers, in order, in reverse, and in ${RANDOM_ORDERS} random orders`,
  );
  const saved = await savedValues(of);
  const inOrder = await restored(of, registers, saved);
  const orders = [registers.toReversed(), ...randomOrders(registers, RANDOM_ORDERS)];
  const seen = new Set<Register>();
  for (const order of orders) {
    const got = await restored(of, order, saved);
    for (const register of registers) {
      const [wanted, end] = [inOrder.get(register), got.get(register)];
      if (wanted === end || seen.has(register)) continue;
      seen.add(register);
      const cause = await causeOf(of, register, [registers, order], saved);
      answers.say(register.name, `${end} ${cause}`, `${wanted}, as in the order of libsprsync`);
    }
  }
  return answers.record;
}

/** The same orders for the same registers, everywhere. */
function randomOrders(registers: readonly Register[], count: number): Register[][] {
  const random = new SeededRandom(SEED);
  return Array.from({ length: count }, () => {
    const keyed = registers.map((register) => [random.next(), register] as const);
    return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, register]) => register);
  });
}

async function restored(
  of: Interplay,
  order: readonly Register[],
  saved: ValueOf,
): Promise<Map<Register, string>> {
  return onVcpu(of, async (vcpu) => {
    await vcpu.putAll(order, saved);
    const got = await vcpu.answers(of.registers);
    return new Map(of.registers.map((register, index) => [register, got[index] ?? '']));
  });
}

/** What else is put before or after a register, and makes it another than when it is put alone. */
async function causeOf(
  of: Interplay,
  register: Register,
  orders: readonly (readonly Register[])[],
  saved: ValueOf,
): Promise<string> {
  const endOf = async (before: readonly Register[], after: readonly Register[]): Promise<string> =>
    onVcpu(of, async (vcpu) => {
      const puts = [...before, register, ...after].map((each) => put(each, saved(each)));
      const last = (await vcpu.run([...puts, get(register)])).at(-1);
      return last === undefined ? '' : answerOf(last);
    });
  const alone = await endOf([], []);
  for (const order of orders) {
    const at = order.indexOf(register);
    const before = await culprit(
      order.slice(0, at),
      async (some) => (await endOf(some, [])) !== alone,
    );
    if (before !== undefined) return `when put after ${before.name}`;
    const after = await culprit(
      order.slice(at + 1),
      async (some) => (await endOf([], some)) !== alone,
    );
    if (after !== undefined) return `when put before ${after.name}`;
  }
  return 'in another order';
}
