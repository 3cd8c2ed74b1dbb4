import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import koffi from 'koffi';
import { repositoryPath } from '../base/paths.js';
import { CONSTANTS, offsetOf, sizeOf, STRUCTURES } from './layout.js';
import type { StructureName } from './layout.js';

/** What the C compiler said of a kind, by name: the lines of `native/abi.txt`. */
async function compiled(kind: string): Promise<Map<string, number[]>> {
  const text = await readFile(repositoryPath('harness/sync/native/abi.txt'), 'utf8');
  return new Map(
    text
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([first]) => first === kind)
      .map(([, name = '', ...numbers]) => [name, numbers.map(Number)]),
  );
}

test("koffi's structures have the sizes that the compiler gave them", async () => {
  const sizes = await compiled('struct');
  expect([...sizes.keys()].sort()).toEqual(Object.keys(STRUCTURES).sort());
  for (const [name, [size]] of sizes) expect(sizeOf(name as StructureName), name).toBe(size);
});

test("koffi's fields are where the compiler put them", async () => {
  for (const [name, [offset]] of await compiled('field')) {
    const [structure = '', field = ''] = name.split('.');
    expect(offsetOf(structure as StructureName, field), name).toBe(offset);
  }
  for (const [name, type] of Object.entries(STRUCTURES)) {
    if (name === 'sprsync_index') continue;
    const fields = Object.keys(koffi.type(type).members ?? {});
    const known = [...(await compiled('field')).keys()].filter((key) => key.startsWith(`${name}.`));
    expect(known, name).toEqual(fields.map((field) => `${name}.${field}`));
  }
});

test('constants have the values of sprsync.h', async () => {
  const values = await compiled('constant');
  for (const [name, value] of Object.entries(CONSTANTS)) {
    expect(values.get(name), name).toEqual([value]);
  }
});
