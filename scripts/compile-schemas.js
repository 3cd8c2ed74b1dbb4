// Compiles the schemas of matrix/schema into dist/schemas, where harness/data/compiled-schema.ts looks.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtSchemaPath, SCHEMA_OPTIONS } from '../dist/harness/data/compiled-schema.js';
import { writeFileAtomic } from '../dist/harness/base/files.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist/schemas');
mkdirSync(folder, { recursive: true });

const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
// Another ajv may make other code of the same schema.
const oldest = Math.max(
  ...[join(root, 'package-lock.json'), fileURLToPath(import.meta.url)].map(modifiedAt),
);

const schemas = readdirSync(join(root, 'matrix/schema')).map((name) => {
  const path = join(root, 'matrix/schema', name);
  const text = readFileSync(path, 'utf8');
  return { text, target: builtSchemaPath(path, text) };
});
const stale = schemas.filter(({ target }) => modifiedAt(target) < oldest);
if (stale.length > 0) {
  const { Ajv } = await import('ajv');
  const { default: standalone } = await import('ajv/dist/standalone/index.js');
  for (const { text, target } of stale) {
    const ajv = new Ajv({ ...SCHEMA_OPTIONS, code: { source: true } });
    await writeFileAtomic(target, standalone.default(ajv, ajv.compile(JSON.parse(text))));
  }
}
const current = new Set(schemas.map(({ target }) => basename(target)));
for (const name of readdirSync(folder)) {
  if (!current.has(name)) rmSync(join(folder, name), { force: true });
}
