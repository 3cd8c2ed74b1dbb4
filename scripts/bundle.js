// Joins what `sprmatrix` and `npm test` load into few files when anything in it is newer: Node takes
// longer to find several hundred modules than to run them.
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist/bundle');
/** The parts of the last build that came to its end; as old as what they were made of. */
const list = join(folder, 'parts.json');

/** A run that goes on since before a build may still load a part that the build has no more. */
const LONGEST_RUN_MS = 24 * 60 * 60 * 1000;

/**
 * What goes into one file, besides what is in those before it: all that is loaded before a module runs, or of that
 * what lies in some folders. Each more file takes Node 0.7 ms, most of which it waits. Nearly every command needs the
 * first two; of what `run` loads, these folders need nothing that `setup` is yet to build.
 */
const TOGETHER = [
  ['start', 'dist/harness/cli.js'],
  ['list', 'dist/harness/cli/list-command.js'],
  [
    'shared',
    'dist/harness/cli/run-command.js',
    /node_modules|harness.(?:base|data|cache|debian|kernels)./,
  ],
].map(([name, path, folders = /^/], index, { length }) => {
  let modules;
  return {
    debugName: name,
    priority: length - index,
    name: (id, chunking) => {
      modules ??= importedBy(join(root, path), chunking);
      return modules.has(id) && folders.test(id) ? name : undefined;
    },
  };
});

/** All modules that are loaded before one is run, without that one. */
function importedBy(start, chunking) {
  const found = new Set();
  const add = (id) => {
    for (const imported of chunking.getModuleInfo(id)?.importedIds ?? []) {
      if (found.has(imported)) continue;
      found.add(imported);
      add(imported);
    }
  };
  add(start);
  return found;
}

const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const sources = ['dist/harness', 'dist/fixtures', 'dist/matrix', 'dist/reports'].flatMap((name) =>
  readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name)),
);
sources.push(join(root, 'package-lock.json'), fileURLToPath(import.meta.url));

if (modifiedAt(list) < Math.max(...sources.map(modifiedAt))) {
  const startedAt = new Date();
  const { rolldown } = await import('rolldown');
  const { writeFileAtomic } = await import('../dist/harness/base/files.js');
  const bundle = await rolldown({
    input: {
      'test-command': join(root, 'dist/harness/test-command.js'),
      cli: join(root, 'dist/harness/cli.js'),
      // What Playwright loads of the gate, in itself and in each worker.
      'gate.config': join(root, 'dist/fixtures/gate.config.js'),
      'cell.spec': join(root, 'dist/matrix/specs/cell.spec.js'),
      'closing-line-reporter': join(root, 'dist/fixtures/closing-line-reporter.js'),
      'ktap-reporter': join(root, 'dist/fixtures/ktap-reporter.js'),
      'cell-progress-reporter': join(root, 'dist/harness/cli/progress/cell-progress-reporter.js'),
    },
    platform: 'node',
    // jsonc-parser's other build looks for its parts when it runs.
    resolve: { mainFields: ['module', 'main'] },
    // koffi finds its binary next to itself, and there must be one Playwright.
    external: ['koffi', '@playwright/test'],
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: { groups: TOGETHER } });
  await bundle.close();
  // What others import is there before them, for whoever starts just now.
  const parts = [...output].sort((a, b) => Number(a.isEntry) - Number(b.isEntry));
  for (const { fileName, code } of parts) await writeFileAtomic(join(folder, fileName), code);
  chmodSync(join(folder, 'cli.js'), 0o755);
  const names = parts.map(({ fileName }) => fileName);
  removeLeftovers(new Set(names), startedAt);
  await writeFileAtomic(list, JSON.stringify(names));
  utimesSync(list, startedAt, startedAt);
}

/** Parts become leftovers now, or became so in an earlier build, which is when they were touched. */
function removeLeftovers(current, now) {
  const former = modifiedAt(list) > 0 ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const name of readdirSync(folder).filter((it) => !current.has(it) && it !== 'parts.json')) {
    const path = join(folder, name);
    if (former.includes(name)) utimesSync(path, now, now);
    else if (modifiedAt(path) < now.getTime() - LONGEST_RUN_MS) rmSync(path, { force: true });
  }
}
