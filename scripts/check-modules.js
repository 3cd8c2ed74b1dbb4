// Two steps of `npm run check` that look at modules: how long they are, and what they call things.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines that a module may have without a reason in CONTRIBUTING.md. */
const LONG = 300;

/** What Playwright wants each set of fixtures to be called. */
const SHARED_NAMES = ['test'];

const EXPORT = /^export (?:async )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm;

/** Modules that are long and not listed with a reason, and listed ones that are not long. */
export function findLongModules(root) {
  const long = modules(root, ['*.ts', '*.tsx', '*.js', '*.c', '*.h'])
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONG);
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, section = ''] = page.split('## Long modules\n');
  const rows = section.split('\n## ')[0].matchAll(/^\| `([^`]+)` +\| *\S.* \|$/gm);
  const listed = [...rows].map(([, path]) => path);
  return asText([
    ...long
      .filter(({ path }) => !listed.includes(path))
      .map(({ path, lines }) => `${path} has ${lines} lines and no reason under "Long modules"`),
    ...listed
      .filter((path) => !long.some((module) => module.path === path))
      .map((path) => `${path} is under "Long modules" and has no more than ${LONG} lines`),
  ]);
}

/** Names that two modules of TypeScript export. */
export function findNamesakes(root) {
  const places = new Map();
  for (const { path, text } of modules(root, ['*.ts', '*.tsx'])) {
    const names = new Set([...text.matchAll(EXPORT)].map(([, name]) => name));
    for (const name of names) places.set(name, [...(places.get(name) ?? []), path]);
  }
  return asText(
    [...places]
      .filter(([name, paths]) => paths.length > 1 && !SHARED_NAMES.includes(name))
      .map(([name, paths]) => `${name} is exported by ${paths.join(' and ')}`),
  );
}

/** The committed modules, tests left out. */
function modules(root, patterns) {
  return execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((path) => !/\.test\.ts$|\/test\//.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function asText(problems) {
  return problems.length === 0 ? undefined : problems.join('\n');
}
