import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { bitRuns, bitsText, bitStates } from './bit-strip.js';

const NONE = { reset: null, refused: [] };

test('a bit that follows is writable, one that does not is stuck at its fresh value', () => {
  const states = bitStates(
    { size: 32 },
    { writable: '0x0000ffff', reset: '0x80000001', refused: [] },
  );
  expect(bitsText(states ?? [])).toBe('31 stuck at 1, 30-16 stuck at 0, 15-0 writable');
});

test('a bit whose put is refused is refused, unless it follows after all', () => {
  const refused = [{ errno: 'EINVAL', value: '0xffffffff', bits: '0xc0000000' }];
  const states = bitStates({ size: 32 }, { writable: '0x40000000', reset: '0x00000000', refused });
  expect(bitsText(states ?? [])).toBe('31 refused, 30 writable, 29-0 stuck at 0');
});

test('without a fresh value a bit is only known not to follow', () => {
  const states = bitStates({ size: 64 }, { ...NONE, writable: '0x0000000000000000' });
  expect(bitsText(states ?? [])).toBe('all 64 does not follow');
});

test('where no round trip could be made there are no bits', () => {
  expect(bitStates({ size: 64 }, { ...NONE, writable: null })).toBeUndefined();
});

test('any mask has as many bits as the register, and its runs cover each once', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (mask) => {
      const writable = `0x${mask.toString(16).padStart(32, '0')}`;
      const states = bitStates({ size: 128 }, { ...NONE, writable }) ?? [];
      const ones = states.filter((state) => state === 'writable').length;
      expect(ones).toBe(mask.toString(2).replaceAll('0', '').length);
      const covered = bitRuns(states).map(({ high, low }) => high - low + 1);
      expect(covered.reduce((sum, count) => sum + count, 0)).toBe(128);
    }),
  );
});
