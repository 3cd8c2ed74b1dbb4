import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { builtSchemaPath, compiledSchema, SCHEMA_OPTIONS } from './compiled-schema.js';
import { repositoryPath } from '../base/paths.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const FOLDER = repositoryPath('matrix/schema');
const schemas = readdirSync(FOLDER).map((name) => {
  const path = join(FOLDER, name);
  return { path, text: readFileSync(path, 'utf8') };
});

/** A file of the repository for each schema that has one. */
const DOCUMENTS = {
  'record.schema.json': 'matrix/baseline/debian-6.12/powernv9.json',
  'migration.schema.json': 'matrix/migration/powernv9.json',
  'migrations.schema.json': 'matrix/migrations.json',
  'platforms.schema.json': 'matrix/platforms.json',
  'kernels.schema.json': 'matrix/kernels.json',
  'known-issues.schema.json': 'matrix/known-issues.json',
  'registers.schema.json': 'matrix/registers.json',
  'cell-times.schema.json': 'matrix/cell-times.json',
};

/** A document with its leaf of this number, counted as they stand in the text, replaced. */
function spoiled(text: string, leaf: number, by: unknown): unknown {
  let count = 0;
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'object' && value !== null) return value;
    return count++ === leaf ? by : value;
  });
}

test('every schema of the repository is one, and strict', () => {
  const ajv = new Ajv({ ...SCHEMA_OPTIONS, validateSchema: true });
  expect(schemas.map(({ path }) => basename(path))).toContain('record.schema.json');
  for (const { path, text } of schemas) {
    const schema = JSON.parse(text) as object;
    expect(ajv.validateSchema(schema), `${path}: ${ajv.errorsText()}`).toBe(true);
  }
});

test('every schema of the repository was compiled by the build', () => {
  for (const { path, text } of schemas) {
    expect(existsSync(builtSchemaPath(path, text)), `${path}: npm run build`).toBe(true);
    expect(compiledSchema(path)(null), path).toBe(false);
  }
});

test('what the build compiled finds the faults that ajv finds, wherever they are', () => {
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    const path = join(FOLDER, name);
    const text = readFileSync(repositoryPath(document), 'utf8');
    const built = compiledSchema(path);
    expect(built(JSON.parse(text)), document).toBe(true);
    const fresh = new Ajv(SCHEMA_OPTIONS).compile(JSON.parse(readFileSync(path, 'utf8')) as object);
    let faults = 0;
    for (let leaf = 0; leaf < 60; leaf++) {
      for (const by of ['?', 42, [42, 42]]) {
        const data = spoiled(text, leaf, by);
        const found = [built(data), built.errors];
        expect(found, `${document}, leaf ${leaf}`).toEqual([fresh(data), fresh.errors]);
        faults += Number(found[0] === false);
      }
    }
    expect(faults, document).toBeGreaterThan(60);
  }
});

test('a schema that was changed since the build is compiled again', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'snapshot.schema.json');
  await copyFile(join(FOLDER, 'snapshot.schema.json'), path);
  expect(existsSync(builtSchemaPath(path, readFileSync(path, 'utf8')))).toBe(true);
  expect(compiledSchema(path)({})).toBe(false);
  await writeFile(path, '{ "type": "object" }');
  expect(compiledSchema(path)({})).toBe(true);
});
