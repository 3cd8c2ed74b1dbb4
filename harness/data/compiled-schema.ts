import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Options, ValidateFunction } from 'ajv';
import { sha256 } from '../base/files.js';
import { repositoryPath } from '../base/paths.js';

/** How schemas are compiled. `verbose` has errors name the data, and the part of the schema that it breaks. */
export const SCHEMA_OPTIONS: Options = {
  strict: true,
  allErrors: true,
  allowUnionTypes: true,
  verbose: true,
  // That they are schemas is a test's to say.
  validateSchema: false,
};

/**
 * What checks data by a JSON Schema file (draft 7, strict). `npm run build` has compiled those of
 * matrix/schema, which takes ajv longer than any file of ours takes to check; another one, or one that
 * was changed since, is compiled here.
 */
export function compiledSchema<T>(schemaPath: string): ValidateFunction<T> {
  const text = readFileSync(schemaPath, 'utf8');
  const load = createRequire(import.meta.url);
  const built = builtSchemaPath(schemaPath, text);
  if (existsSync(built)) return load(built) as ValidateFunction<T>;
  const { Ajv } = load('ajv') as typeof import('ajv');
  return new Ajv(SCHEMA_OPTIONS).compile<T>(JSON.parse(text) as object);
}

/** The same of a file of matrix/schema. */
export function repositorySchema<T>(name: string): ValidateFunction<T> {
  return compiledSchema<T>(repositoryPath('matrix/schema', name));
}

/** Where the compiled form of a schema of this very text is. */
export function builtSchemaPath(schemaPath: string, text: string): string {
  const key = sha256(JSON.stringify(SCHEMA_OPTIONS) + text).slice(0, 16);
  return repositoryPath('dist/schemas', `${basename(schemaPath, '.schema.json')}-${key}.cjs`);
}
