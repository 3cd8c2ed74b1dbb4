import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { decodeOperations, encodeOperations } from './operation.js';
import type { Operation } from './operation.js';
import { registerNamed, registerTable } from './register-table.js';
import { arbitraryOperation } from './testing/arbitraries.js';

/** The wire format as sprsync.h describes it, written a second time. */
function encodeByHand(operations: readonly Operation[]): Buffer {
  return Buffer.concat(
    operations.map(({ id, value, direction, error }) => {
      const bytes = Buffer.alloc(32);
      for (let index = 0; index < 8; index += 1) bytes[index] = byteOf(id, index);
      for (let index = 0; index < 16; index += 1) bytes[8 + index] = byteOf(value, index);
      bytes[24] = direction === 'get' ? 1 : 2;
      bytes.writeInt32LE(error, 28);
      return bytes;
    }),
  );
}

function byteOf(value: bigint, index: number): number {
  return Number((value >> BigInt(8 * index)) & 0xffn);
}

test('operations are encoded as the header says, least significant byte first', () => {
  fc.assert(
    fc.property(fc.array(arbitraryOperation()), (operations) => {
      expect(encodeOperations(operations)).toEqual(encodeByHand(operations));
    }),
  );
});

test('decoding gives back what was encoded', () => {
  fc.assert(
    fc.property(fc.array(arbitraryOperation()), (operations) => {
      expect(decodeOperations(encodeOperations(operations))).toEqual(operations);
    }),
  );
});

test('the most significant byte first is another operation, or none', () => {
  const { id } = registerNamed('DSCR');
  const wire = encodeOperations([{ id, direction: 'get', value: 0x1122n, error: 0 }]);
  wire.subarray(8, 16).reverse();
  expect(decodeOperations(wire)[0]?.value).toBe(0x2211000000000000n);
  wire.subarray(24, 28).reverse();
  expect(() => decodeOperations(wire)).toThrow(/EINVAL/);
});

test('decoding any bytes gives operations that encode to the same bytes, or SPRSYNC_WIRE', () => {
  const length = fc.oneof(fc.constantFrom(0, 32, 64, 96), fc.nat(100));
  const bytes = length.chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
  fc.assert(
    fc.property(bytes, fc.boolean(), (random, hasDirection) => {
      if (hasDirection && random.length >= 32) random.set([1, 0, 0, 0], 24);
      let operations: Operation[];
      try {
        operations = decodeOperations(random);
      } catch (error) {
        expect(error).toMatchObject({ code: 'SPRSYNC_WIRE' });
        return;
      }
      expect(encodeOperations(operations)).toEqual(Buffer.from(random));
    }),
    { numRuns: 500 },
  );
});

test('bytes that are no whole number of operations are refused', () => {
  expect(() => decodeOperations(Buffer.alloc(31))).toThrow(/31 bytes \(32 each\).*EINVAL/);
});

test('a value that does not fit its register is refused before it is cut', () => {
  const values: [string, bigint][] = [
    ['LPCR', 1n << 32n],
    ['LPCR_64', 1n << 64n],
    ['VR0', 1n << 128n],
    ['DAR', -1n],
  ];
  for (const [name, value] of values) {
    const { id, sizeBytes } = registerNamed(name);
    const put: Operation = { id, direction: 'put', value, error: 0 };
    expect(() => encodeOperations([put])).toThrow(`${8 * sizeBytes}-bit register`);
    expect(encodeOperations([{ ...put, value: (1n << BigInt(8 * sizeBytes)) - 1n }])).toBeTruthy();
  }
});

test('40,000 operations come back as they were', () => {
  const operations = Array.from({ length: 130 }, () => registerTable())
    .flat()
    .slice(0, 40_000)
    .map(({ id, sizeBytes }): Operation => {
      const value = (1n << BigInt(8 * sizeBytes)) - 1n;
      return { id, direction: 'put', value, error: 0 };
    });
  expect(decodeOperations(encodeOperations(operations))).toEqual(operations);
});
