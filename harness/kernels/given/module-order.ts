import { moduleName } from '../modules.js';

/** What depmod.d(5) says of a module that is there more than once. */
export interface DepmodRules {
  /** Folders below lib/modules/RELEASE, the preferred one first; "built-in" stands for all others. */
  readonly search: readonly string[];
  /** Of a module, the folder that it is taken from. */
  readonly overrides: readonly { readonly name: string; readonly folder: string }[];
}

/** depmod's own when no file says otherwise (depmod.d(5), "search"). */
const DEFAULT_SEARCH: readonly string[] = ['updates', 'built-in'];

const BUILT_IN = 'built-in';

/** A module that is there more than once. */
export interface ModuleChoice {
  readonly name: string;
  readonly taken: string;
  readonly others: readonly string[];
  /** Whether the rules prefer the one that is taken; without that it is as good as any other. */
  readonly isRuled: boolean;
}

/** The rules in the texts of depmod.d's files, in the order in which depmod reads them. */
export function parseDepmodRules(texts: readonly string[]): DepmodRules {
  const lines = texts
    .flatMap((text) => text.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  const search = lines.filter(([word]) => word === 'search').flatMap(([, ...folders]) => folders);
  const overrides = lines.flatMap(([word, name, release, folder]) =>
    word === 'override' && name !== undefined && release !== undefined && folder !== undefined
      ? [{ name: name.replaceAll('-', '_'), folder }]
      : [],
  );
  return { search: search.length > 0 ? [...new Set(search)] : DEFAULT_SEARCH, overrides };
}

/**
 * Which file depmod takes for each module of `paths` (relative to lib/modules/RELEASE): what an override
 * says, else the first folder of the search order, else the first path. `onChoice` hears of each module
 * that is there more than once.
 */
export function chooseModules(
  paths: readonly string[],
  rules: DepmodRules,
  onChoice: (choice: ModuleChoice) => void = () => undefined,
): Map<string, string> {
  const byName = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const name = moduleName(path);
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  const chosen = new Map<string, string>();
  for (const [name, candidates] of byName) {
    const ranked = candidates
      .map((path) => ({ path, rank: rankOf(name, path, rules) }))
      .sort((a, b) => a.rank - b.rank);
    const [first, second] = ranked;
    if (first === undefined) continue;
    chosen.set(name, first.path);
    if (second === undefined) continue;
    onChoice({
      ...{ name, taken: first.path, isRuled: first.rank < second.rank },
      others: ranked.slice(1).map(({ path }) => path),
    });
  }
  return chosen;
}

function rankOf(name: string, path: string, { search, overrides }: DepmodRules): number {
  const isIn = (folder: string): boolean => path.startsWith(`${folder}/`);
  const isOverridden = overrides.some(
    (override) =>
      override.name === name && path.slice(0, path.lastIndexOf('/')) === override.folder,
  );
  if (isOverridden) return -1;
  const found = search.findIndex((folder) => folder !== BUILT_IN && isIn(folder));
  const builtIn = search.indexOf(BUILT_IN);
  return found >= 0 ? found : builtIn >= 0 ? builtIn : search.length;
}

/** The module files that a modules.dep names, relative to its folder. */
export function parseModulesDep(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => /^([^:]+):/.exec(line)?.[1] ?? []));
}
