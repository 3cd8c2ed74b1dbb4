// Joins what `sprmatrix` and `npm test` load into few files when anything in it is newer: Node takes
// longer to find several hundred modules than to run them.
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist/bundle');

const LONGEST_RUN_MS = 24 * 60 * 60 * 1000;

const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const sources = ['dist/harness', 'dist/fixtures', 'dist/reports'].flatMap((name) =>
  readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name)),
);
sources.push(join(root, 'package-lock.json'), fileURLToPath(import.meta.url));

/** A run that goes on since before a build may still load a part that the build has no more. */
function removeLeftovers(current) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!current.has(name) && modifiedAt(path) < Date.now() - LONGEST_RUN_MS) rmSync(path);
  }
}

if (modifiedAt(join(folder, 'cli.js')) < Math.max(...sources.map(modifiedAt))) {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: {
      'test-command': join(root, 'dist/harness/test-command.js'),
      cli: join(root, 'dist/harness/cli.js'),
    },
    platform: 'node',
    // koffi finds its binary beside itself.
    external: ['koffi'],
  });
  const { output } = await bundle.write({ dir: folder, format: 'esm', sourcemap: true });
  await bundle.close();
  chmodSync(join(folder, 'cli.js'), 0o755);
  removeLeftovers(new Set(output.map(({ fileName }) => fileName)));
}
