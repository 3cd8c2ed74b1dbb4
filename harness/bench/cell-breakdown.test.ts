import { expect, test } from '@playwright/test';
import { breakDown } from './cell-breakdown.js';

test("a cell's time is laid out whole, from the firmware to the record", () => {
  const parts = breakDown({
    bareBootMs: 1500,
    cellMs: 2600,
    bootMs: 1700,
    uptimeMs: 1300,
    timings: { bootMs: 1650, kvmMs: 200, registersMs: 300, guestMs: 150, hostileMs: 120 },
  });
  expect(parts).toEqual({
    firmware: 400,
    kernel: 1100,
    agent: 150,
    modules: 200,
    registers: 300,
    guest: 150,
    migration: 0,
    hostile: 120,
    harness: 180,
  });
  expect(Object.values({ ...parts }).reduce((sum, ms) => sum + ms, 0)).toBe(2600);
});
