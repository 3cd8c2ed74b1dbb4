import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { builtSchemaPath, compiledSchema, SCHEMA_OPTIONS } from './compiled-schema.js';
import { repositoryPath } from './paths.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const FOLDER = repositoryPath('matrix/schema');
const paths = readdirSync(FOLDER).map((name) => join(FOLDER, name));

test('every schema of the repository is one, and strict', () => {
  const ajv = new Ajv({ ...SCHEMA_OPTIONS, validateSchema: true });
  expect(paths).toContain(join(FOLDER, 'record.schema.json'));
  for (const path of paths) {
    const schema: unknown = JSON.parse(readFileSync(path, 'utf8'));
    expect(ajv.validateSchema(schema as object), `${path}: ${ajv.errorsText()}`).toBe(true);
  }
});

test('every schema of the repository was compiled by the build, and finds the faults that ajv finds', () => {
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    expect(existsSync(builtSchemaPath(path, text)), `${path}: npm run build`).toBe(true);
    const built = compiledSchema(path);
    const fresh = new Ajv(SCHEMA_OPTIONS).compile(JSON.parse(text) as object);
    for (const data of [null, {}, { format: 'one', registers: { lpcr: 1 } }, [{ id: 1 }]]) {
      expect([built(data), built.errors], path).toEqual([fresh(data), fresh.errors]);
    }
  }
});

test('a schema that was changed since the build is compiled anew', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'machine.schema.json');
  await writeFile(path, '{ "type": "object" }');
  expect(compiledSchema(path)({})).toBe(true);
  await writeFile(path, '{ "type": "array" }');
  expect(compiledSchema(path)({})).toBe(false);
});
