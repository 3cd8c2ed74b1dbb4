// Builds the frame of the report's page (reports/page, by Vite) when anything in it is newer.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the page is made of: harness/record has the comparison of rows. */
const SOURCES = [
  'reports/page',
  'reports/model',
  'reports/build',
  'harness/record',
  'harness/judge',
];
const FILES = ['package-lock.json', 'matrix/schema/feed.schema.json'];

const newest = Math.max(
  ...SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  ),
  ...FILES.map((file) => statSync(join(root, file)).mtimeMs),
);

const builtAt = statSync(join(root, 'dist/report-page/index.html'), {
  throwIfNoEntry: false,
})?.mtimeMs;
if (builtAt === undefined || builtAt < newest) {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'reports/build/vite.config.ts') });
}
