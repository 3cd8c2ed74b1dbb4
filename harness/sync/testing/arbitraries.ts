import fc from 'fast-check';
import type { Operation } from '../operation.js';
import { registerTable, sizeOfId } from '../register-table.js';
import type { Register } from '../register-table.js';

/**
 * Rows of the table, each at most once, that have nothing to do with each other: a get and a put of each,
 * and no two that are one storage.
 */
export function arbitraryRegisters(): fc.Arbitrary<Register[]> {
  return fc
    .shuffledSubarray(registerTable().filter(({ directions }) => directions.length === 2))
    .map((rows) => {
      const names = new Set<string>();
      return rows.filter(({ name, overlaps }) => {
        if (overlaps.some((other) => names.has(other))) return false;
        names.add(name);
        return true;
      });
    });
}

/** Every value that a width in bytes can hold, with the extremes often. */
export function arbitraryValue(sizeBytes: number): fc.Arbitrary<bigint> {
  const max = (1n << BigInt(8 * sizeBytes)) - 1n;
  return fc.oneof(fc.bigInt({ min: 0n, max }), fc.constantFrom(0n, 1n, max, max >> 1n));
}

/** A negative errno that an ioctl can return. */
export function arbitraryErrno(): fc.Arbitrary<number> {
  return fc.integer({ min: -4095, max: -1 });
}

/** Operations on known registers and on ids of every size that never existed. */
export function arbitraryOperation(): fc.Arbitrary<Operation> {
  const id = fc.oneof(
    fc.constantFrom(...registerTable().map((row) => row.id)),
    fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  );
  return id.chain((chosen) =>
    fc.record({
      id: fc.constant(chosen),
      direction: fc.constantFrom('get' as const, 'put' as const),
      value: arbitraryValue(Math.min(sizeOfId(chosen), 16)),
      error: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    }),
  );
}
