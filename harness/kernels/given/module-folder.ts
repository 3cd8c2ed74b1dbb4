import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { readModuleDepends, readModuleRelease } from '../module-tools.js';
import type { ModuleStore } from '../modules.js';
import { moduleName, parseBuiltIn } from '../modules.js';
import { chooseModules, parseDepmodRules, parseModulesDep } from './module-order.js';
import type { DepmodRules } from './module-order.js';

export interface ModuleFolderOptions {
  /** What the modules belong to, for errors. */
  readonly owner: string;
  /** The release that the image says it is; undefined when it says none. */
  readonly release: string | undefined;
  /** What is known to be built in when no modules.builtin says it. */
  readonly builtIn: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** What only lib/modules/RELEASE holds. */
const MARKS = ['modules.dep', 'modules.builtin', 'modules.order', 'kernel', 'updates'];
/** Where depmod reads its rules (depmod.d(5)); of two files of one name the first counts. */
const RULE_FOLDERS = ['etc/depmod.d', 'run/depmod.d', 'usr/lib/depmod.d', 'lib/depmod.d'];

/**
 * The folder of one release's modules in a folder that a person named: itself, or the one below it (or below
 * its lib/modules) that is the image's. Errors: `MODULES_MISSING`; `WHICH_MODULES` when there are several and
 * none is the image's.
 */
export async function releaseFolder(
  folder: string,
  { owner, release }: Pick<ModuleFolderOptions, 'owner' | 'release'>,
): Promise<string> {
  const top = resolve(folder);
  const found = await stat(top).catch(() => undefined);
  if (found?.isDirectory() !== true) throw noFolder(folder);
  const below = await releasesIn(top);
  const own = below.find((path) => basename(path) === release);
  if (own !== undefined) return own;
  if (isReleaseFolder(top)) return top;
  const [only, ...others] = below;
  if (only === undefined) return top;
  if (others.length === 0) return only;
  const names = below.map((path) => basename(path)).join(', ');
  throw new SprmatrixError({
    code: 'WHICH_MODULES',
    kind: 'usage',
    message: `${folder} has modules of ${below.length} releases (${names}), none of them that of ${owner} (${release ?? 'which says none'})`,
    hint: `say which: ${below.map((path) => `--modules=${path}`).join(' or ')}`,
  });
}

/** The folders of releases below a root, a lib/modules, or whatever has one. */
export async function releasesIn(top: string): Promise<string[]> {
  const places = [top, join(top, 'lib/modules'), join(top, 'usr/lib/modules')];
  const lists = await Promise.all(
    places.map(async (place) => {
      const names = await readdir(place).catch(() => []); // not every root has each
      return names.map((name) => join(place, name)).filter(isReleaseFolder);
    }),
  );
  // With merged /usr both names lead to one folder.
  const unique = new Map<string, string>();
  for (const path of lists.flat().sort()) {
    const real = await realpath(path);
    if (!unique.has(real)) unique.set(real, path);
  }
  return [...unique.values()];
}

/** Whether a folder looks like lib/modules/RELEASE. */
export function isReleaseFolder(path: string): boolean {
  const name = basename(path);
  return hasAny(path, MARKS.slice(0, 3)) || (/^\d+\.\d+/.test(name) && hasAny(path, MARKS));
}

function hasAny(folder: string, names: readonly string[]): boolean {
  return names.some((name) => existsSync(join(folder, name)));
}

/** The modules below a folder as depmod would choose them; what it had to choose is reported. */
export async function openModuleFolder(
  folder: string,
  { owner, builtIn, signal, onNotice }: ModuleFolderOptions,
): Promise<ModuleStore> {
  const paths = (await filesBelow(folder)).map((path) => relative(folder, path));
  const dep = await textOf(join(folder, 'modules.dep'));
  const listed = dep === undefined ? undefined : parseModulesDep(dep);
  const report: string[] = [];
  const chosen = chooseModules(
    paths,
    await rulesFor(folder),
    ({ name, taken, others, isRuled }) => {
      if (listed !== undefined && others.some((other) => listed.has(other)) && !listed.has(taken)) {
        report.push(
          `${name}: ${taken} is taken, as depmod would; its modules.dep, of before, names ${others.find((other) => listed.has(other)) ?? ''}`,
        );
        return;
      }
      const why = isRuled ? "by depmod's order" : 'and none is preferred';
      report.push(
        `${name}: there are ${others.length + 1}; ${taken} is taken (${why}), not ${others.join(', ')}`,
      );
    },
  );
  const list = await textOf(join(folder, 'modules.builtin'));
  const isBuilt = list === undefined ? builtIn : parseBuiltIn(list);
  const reported = new Set<string>();
  return {
    owner,
    files: new Map([...chosen].map(([name, path]) => [name, join(folder, path)])),
    isBuiltIn: (name) => isBuilt?.has(name),
    fetch: async (names) => {
      for (const name of names) {
        const line = report.find((text) => text.startsWith(`${name}: `));
        if (line === undefined || reported.has(name)) continue;
        reported.add(name);
        onNotice?.(`module ${line}`);
      }
      return Promise.resolve(
        new Map(names.map((name) => [name, join(folder, chosen.get(name) ?? '')])),
      );
    },
    readDepends: async (path) => readModuleDepends(path, signal),
  };
}

/** depmod's rules of the root that a folder of modules belongs to. */
async function rulesFor(folder: string): Promise<DepmodRules> {
  const root = /^(.*?)\/(?:usr\/)?lib\/modules\/[^/]+$/.exec(folder)?.[1];
  if (root === undefined) return parseDepmodRules([]);
  const files = new Map<string, string>();
  for (const place of RULE_FOLDERS) {
    const names = await readdir(join(root, place)).catch(() => []); // there is none mostly
    for (const name of names.filter((it) => it.endsWith('.conf'))) {
      if (!files.has(name)) files.set(name, join(root, place, name));
    }
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return parseDepmodRules(
    await Promise.all(sorted.map(async ([, path]) => readFile(path, 'utf8'))),
  );
}

/** Every file below a folder, links followed; a folder that holds itself is entered once. */
async function filesBelow(top: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(folder);
    if (above.includes(real)) return;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.name === '.git') continue;
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (kind?.isDirectory() === true) {
        // What a kernel's own links "build" and "source" lead to are not its modules.
        const isOfBuild = entry.isSymbolicLink() && ['build', 'source'].includes(entry.name);
        if (!isOfBuild) await visit(path, [...above, real]);
      } else if (kind?.isFile() === true) found.push(path);
    }
  };
  await visit(top, []);
  return found.sort();
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined); // a folder of modules may have none
}

function noFolder(folder: string): SprmatrixError {
  return new SprmatrixError({
    code: 'MODULES_MISSING',
    kind: 'usage',
    message: `--modules=${folder}: no such folder or package`,
    hint: 'it is the lib/modules/RELEASE folder that `make modules_install` fills, or the package that has it',
  });
}

/** Where a kernel's modules lie next to its image, by where distributions and builds put the two. */
export async function modulesBeside(image: string, release: string): Promise<string | undefined> {
  const folder = dirname(resolve(image));
  const places = [
    folder,
    join(folder, release),
    join(folder, 'modules'),
    join(folder, 'modules', release),
    ...['lib/modules', 'usr/lib/modules', 'modules/lib/modules'].map((it) =>
      join(folder, it, release),
    ),
    ...['lib/modules', 'usr/lib/modules'].map((it) => join(folder, '..', it, release)),
  ];
  for (const place of places) {
    // A folder with an image may have a `kernel` or `updates` of anything.
    const marks = place === folder ? MARKS.slice(0, 3) : MARKS;
    if (!isReleaseFolder(place) && !hasAny(place, marks)) continue;
    const isNamed = basename(await realpath(place)) === release;
    if (isNamed || (await isOfRelease(place, release))) return place;
  }
  return undefined;
}

/** Whether the modules in a folder of another name are of a release: some module says so. */
async function isOfRelease(folder: string, release: string): Promise<boolean> {
  const some = (await filesBelow(folder)).find((path) => moduleName(path) !== undefined);
  if (some === undefined) return false;
  return (await readModuleRelease(some).catch(() => undefined)) === release; // a broken one says none
}
