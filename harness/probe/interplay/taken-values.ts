import type { ByteOrder } from '../../base/byte-order.js';
import type { RegisterRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { distinctValue, otherValue } from '../patterns.js';
import type { Run } from '../run-round-trip.js';

/** Two values of a register, neither of which another register is given. */
export interface TwoValues {
  readonly first: bigint;
  readonly second: bigint;
}

/** The area that the others need: KVM takes no SLB shadow and no log of a vCPU without it. */
export const AREA = 'VPA_ADDR';

/** A struct of address and length (arch/powerpc/kvm, union kvmppc_one_reg) as a value of 128 bits. */
const area = (address: bigint, length: bigint, order: ByteOrder): bigint =>
  order === 'little' ? (length << 64n) | address : (address << 64n) | length;

/**
 * What to try in registers that refuse most values: the first two that are taken count. Addresses are
 * multiples of 128 where no program of a guest is, lengths of a log whole entries of 48 bytes.
 */
const CANDIDATES: Readonly<Record<string, (order: ByteOrder) => readonly bigint[]>> = {
  [AREA]: () => [0x4000n, 0xc000n],
  VPA_SLB: (order) => [area(0x5000n, 0x100n, order), area(0xd080n, 0x180n, order)],
  VPA_DTL: (order) => [area(0x6000n, 0xff0n, order), area(0xe100n, 0xfc0n, order)],
  // Logical PVRs, from POWER8's on.
  ARCH_COMPAT: () => [0x0f00_0004n, 0x0f00_0005n, 0x0f00_0006n],
};

/**
 * The two values of each register of `rows` that holds what it is given: distinct ones, or, of a register
 * that refuses most, two that it takes. `run` asks a vCPU that nothing was put to.
 */
export async function takenValues(
  rows: ReadonlyMap<string, RegisterRecord>,
  holding: readonly Register[],
  order: ByteOrder,
  run: Run,
): Promise<ReadonlyMap<Register, TwoValues>> {
  const tried = Object.entries(CANDIDATES)
    .filter(([name]) => rows.get(name)?.get === 'ok' && rows.get(name)?.put === 'ok')
    .flatMap(([name, candidates]) =>
      candidates(order).map((value) => ({ register: registerNamed(name), value })),
    );
  const operations = tried.flatMap(({ register, value }) => [put(register, value), get(register)]);
  const executed = operations.length === 0 ? [] : await run(operations);
  const isTaken = (at: number): boolean => {
    const [done, got] = executed.slice(at * 2, at * 2 + 2);
    return done?.error === 0 && got?.error === 0;
  };
  const taken = new Map<Register, TwoValues>(
    holding
      .filter(({ name }) => !(name in CANDIDATES))
      .map((register) => [
        register,
        { first: distinctValue(register), second: otherValue(register) },
      ]),
  );
  for (const name of Object.keys(CANDIDATES)) {
    const values = tried.flatMap(({ register, value }, at) =>
      register.name === name && isTaken(at) ? [value] : [],
    );
    const [first, second] = values;
    if (first !== undefined && second !== undefined) {
      taken.set(registerNamed(name), { first, second });
    }
  }
  return taken;
}
