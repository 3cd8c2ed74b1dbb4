// Compiles the schemas of matrix/schema into dist/schemas, where harness/base/compiled-schema.ts looks.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { builtSchemaPath, SCHEMA_OPTIONS } = await import(
  join(root, 'dist/harness/base/compiled-schema.js')
);

const schemas = readdirSync(join(root, 'matrix/schema')).map((name) => {
  const path = join(root, 'matrix/schema', name);
  const text = readFileSync(path, 'utf8');
  return { text, target: builtSchemaPath(path, text) };
});
const folder = join(root, 'dist/schemas');
mkdirSync(folder, { recursive: true });
const present = new Set(readdirSync(folder));
const missing = schemas.filter(({ target }) => !present.has(basename(target)));
if (missing.length > 0) {
  const { Ajv } = await import('ajv');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  for (const { text, target } of missing) {
    const ajv = new Ajv({ ...SCHEMA_OPTIONS, code: { source: true } });
    writeFileSync(target, standaloneCode.default(ajv, ajv.compile(JSON.parse(text))));
  }
}
for (const { target } of schemas) present.delete(basename(target));
for (const name of present) rmSync(join(folder, name));
