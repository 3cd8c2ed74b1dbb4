import { expect, test } from '@playwright/test';
import type { RegisterFact } from '../../record/register-facts.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import { registerNamed } from '../../sync/register-table.js';
import type { ByteOrder } from '../../base/byte-order.js';
import { distinctValue } from '../patterns.js';
import { fillValues } from './fill-value.js';

async function factOf(name: string): Promise<RegisterFact> {
  const fact = (await readRegisterFacts()).get(name);
  if (fact === undefined) throw new Error(`no fact of ${name}`);
  return fact;
}

const filled = async (name: string, order: ByteOrder = 'little'): Promise<bigint[]> =>
  fillValues(registerNamed(name), await factOf(name), order);

test('a register is filled with its distinct value', async () => {
  expect(await filled('DSCR')).toEqual([distinctValue(registerNamed('DSCR'))]);
});

test('the bits that a guest needs are as matrix/registers.json has them', async () => {
  const [mmcr0 = 0n] = await filled('MMCR0');
  expect(mmcr0 & 0x8400_0000n).toBe(0x8000_0000n);
});

test('values by name are tried in their order', async () => {
  expect(await filled('ARCH_COMPAT')).toEqual([0x0f00_0004n, 0x0f00_0005n, 0x0f00_0006n]);
});

test('interrupts are taken in the byte order of the guest, without translation', async () => {
  const [little = 0n] = await filled('LPCR_64', 'little');
  const [big = 0n] = await filled('LPCR_64', 'big');
  expect([little & 0x0380_0000n, big & 0x0380_0000n]).toEqual([0x0200_0000n, 0n]);
  expect((await filled('LPCR', 'big')).map((value) => value & 0x0200_0000n)).toEqual([0n]);
});

test('two words in memory order are the same from hosts of both byte orders', async () => {
  const expected = [0x100_0000_0000_0000_5000n];
  expect(await filled('VPA_SLB', 'little')).toEqual(expected);
  expect(await filled('VPA_SLB', 'big')).toEqual(expected);
});
