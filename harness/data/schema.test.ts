import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { compileSchema, readDataFile } from './schema.js';
import { errorOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

interface Machine {
  readonly flavour: 'HV' | 'PR';
  readonly memory: number;
}

const SCHEMA = {
  type: 'object',
  required: ['flavour', 'memory'],
  additionalProperties: false,
  properties: {
    flavour: { enum: ['HV', 'PR'] },
    memory: { type: 'integer' },
    devices: { type: 'array', items: { type: 'string' } },
  },
};

async function setUp(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'machine.schema.json');
  await writeFile(path, JSON.stringify(SCHEMA));
  return { path, [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose]() };
}

test('data that follows its schema comes back as it is', async () => {
  await using schema = await setUp();
  const data = { flavour: 'HV', memory: 1024 };
  expect(compileSchema<Machine>(schema.path)(data, 'machine.json')).toBe(data);
});

test('data that does not is reported with every place, what is wrong and what is allowed', async () => {
  await using schema = await setUp();
  const check = compileSchema<Machine>(schema.path);
  const error = errorOf(() => check({ flavour: 'VHE', colour: 1, devices: ['a', 2] }, 'm.json'));
  expect([error.code, error.message, error.logs]).toEqual([
    'DATA_INVALID',
    'm.json does not follow its schema',
    [schema.path],
  ]);
  expect(error.evidence).toEqual([
    "(top level) must have required property 'memory'",
    '(top level) must NOT have additional properties: colour',
    '/flavour must be equal to one of the allowed values: HV, PR',
    '/devices/1 must be string',
  ]);
});

test('of many faults the first eight are reported, and how many more there are', async () => {
  await using schema = await setUp();
  const check = compileSchema<Machine>(schema.path);
  const devices = Array.from({ length: 10 }, (_, index) => index);
  const error = errorOf(() => check({ flavour: 'HV', memory: 1, devices }, 'm.json'));
  expect(error.evidence).toEqual([
    ...devices.slice(0, 8).map((index) => `/devices/${index} must be string`),
    'and 2 more',
  ]);
});

test('a data file is read and checked, and one that is no JSON is reported with its path', async () => {
  await using schema = await setUp();
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'machine.json');
  await writeFile(path, '{ "flavour": "HV", "memory": 1024 }');
  const check = compileSchema<Machine>(schema.path);
  expect(readDataFile(path, check)).toEqual({ flavour: 'HV', memory: 1024 });
  await writeFile(path, '{ "flavour": "HV", }');
  const error = errorOf(() => readDataFile(path, check));
  expect(error.code).toBe('DATA_INVALID');
  expect(error.message).toMatch(new RegExp(`^${path} is no JSON: .*JSON`));
});
