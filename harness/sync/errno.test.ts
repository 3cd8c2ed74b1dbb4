import { expect, test } from '@playwright/test';
import { errnoName } from './errno.js';

test('an errno has the name that Linux gives it', () => {
  expect(errnoName(-1)).toBe('EPERM');
  expect(errnoName(-6)).toBe('ENXIO');
  expect(errnoName(-14)).toBe('EFAULT');
  expect(errnoName(-22)).toBe('EINVAL');
  expect(errnoName(-25)).toBe('ENOTTY');
});

test('of two names for one number, the first in the headers is taken', () => {
  expect(errnoName(-11)).toBe('EAGAIN');
  expect(errnoName(-95)).toBe('EOPNOTSUPP');
  expect(errnoName(-35)).toBe('EDEADLK');
});

test('numbers that only the kernel uses have names too', () => {
  expect(errnoName(-524)).toBe('ENOTSUPP');
});

test('a number without a name is shown as a number', () => {
  expect(errnoName(-4095)).toBe('E4095');
});

test('every errno fits the pattern that a record allows', () => {
  const names = Array.from({ length: 4095 }, (_, index) => errnoName(-1 - index));
  expect(names.filter((name) => !/^E[A-Z0-9]+$/.test(name))).toEqual([]);
});
