// Types come from the JSON schemas: one *.generated.ts next to the code that uses it.
// It is the first step of every build, so the first that an old Node comes to.
import './require-node.cjs';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** schema file -> generated module, both relative to the repository. */
const TARGETS = [
  ['matrix/schema/record.schema.json', 'harness/record/record.generated.ts'],
  ['matrix/schema/known-issues.schema.json', 'harness/judge/known-issues.generated.ts'],
  ['matrix/schema/bugs.schema.json', 'harness/judge/bugs/bugs.generated.ts'],
  ['matrix/schema/emulator.schema.json', 'harness/judge/emulator/emulator.generated.ts'],
  ['matrix/schema/registers.schema.json', 'harness/record/registers.generated.ts'],
  ['matrix/schema/image.schema.json', 'harness/record/image.generated.ts'],
  ['matrix/schema/migration.schema.json', 'harness/record/migration.generated.ts'],
  ['matrix/schema/migrations.schema.json', 'harness/cell/migrate/migrations.generated.ts'],
  ['matrix/schema/platforms.schema.json', 'harness/machine/platforms.generated.ts'],
  ['matrix/schema/snapshot.schema.json', 'harness/machine/snapshots/snapshot.generated.ts'],
  ['matrix/schema/kernels.schema.json', 'harness/kernels/kernels.generated.ts'],
  ['matrix/schema/kernel-catalogue.schema.json', 'harness/kernels/kernel-catalogue.generated.ts'],
  ['matrix/schema/kernel-manifest.schema.json', 'harness/kernels/kernel-manifest.generated.ts'],
  ['matrix/schema/cell-times.schema.json', 'harness/cell/time/cell-times.generated.ts'],
  ['matrix/schema/source-list.schema.json', 'harness/kernels/builds/source-list.generated.ts'],
  ['matrix/schema/qemu-sprs.schema.json', 'fixtures/qemu/qemu-sprs.generated.ts'],
  ['matrix/schema/feed.schema.json', 'reports/feed.generated.ts'],
];

const isFresh = (source, target) => {
  try {
    return statSync(target).mtimeMs >= statSync(source).mtimeMs;
  } catch {
    return false; // no target yet
  }
};

const stale = TARGETS.map((pair) => pair.map((path) => join(root, path))).filter(
  ([schema, target]) => process.argv.includes('--force') || !isFresh(schema, target),
);
if (stale.length > 0) {
  const { compile } = await import('json-schema-to-typescript');
  for (const [schemaPath, target] of stale) {
    const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));
    const text = await compile(schema, schema.title, {
      additionalProperties: false,
      bannerComment: `// Made from ${schema.$id} by scripts/generate-types.js; do not edit.`,
      style: { singleQuote: true, printWidth: 100 },
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
