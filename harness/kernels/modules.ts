import { SprmatrixError } from '../base/error.js';

/** The modules of one kernel: what there is by name, and how to get at the content. */
export interface ModuleStore {
  /** What the modules belong to, for errors. */
  readonly owner: string;
  /** Module name (with "_") -> where it is in the store. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether a module is part of the image itself; undefined when nothing tells. */
  isBuiltIn(name: string): boolean | undefined;
  /** Paths of readable files for those names of `files`. */
  fetch(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Names that the module file depends on. */
  readDepends(path: string): Promise<readonly string[]>;
}

export interface ModuleFile {
  readonly name: string;
  /** May be compressed. */
  readonly path: string;
}

/** The store of a kernel without modules; `builtIn` is what is known to be built in. */
export function noModules(owner: string, builtIn: ReadonlySet<string> | undefined): ModuleStore {
  return {
    owner,
    files: new Map(),
    isBuiltIn: (name) => builtIn?.has(name),
    fetch: async () => Promise.resolve(new Map()),
    readDepends: async () => Promise.resolve([]),
  };
}

/** "kvm_hv" of ".../kvm-hv.ko.xz"; undefined when the path is not a module's. */
export function moduleName(path: string): string | undefined {
  const name = /(?:^|\/)([A-Za-z0-9_-]+)\.ko(?:\.(?:xz|zst|gz|bz2))?$/.exec(path)?.[1];
  return name?.replaceAll('-', '_');
}

/** Module name -> path, of those of `paths` that are modules; the first of two wins. */
export function indexModules(paths: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const name = moduleName(path);
    if (name !== undefined && !files.has(name)) files.set(name, path);
  }
  return files;
}

/** The names in the text of a `modules.builtin`. */
export function parseBuiltIn(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => moduleName(line.trim()) ?? []));
}

/**
 * What the virtio port needs in load order; nothing when the kernel has a part of it in no way: its agent is
 * reached otherwise (machine/channel-kind.ts). `MODULE_MISSING` for what a module depends on.
 */
export async function findChannelModules(
  roots: readonly string[],
  store: ModuleStore,
): Promise<ModuleFile[]> {
  const isThere = (name: string): boolean => store.files.has(name);
  if (roots.some((name) => !isThere(name) && store.isBuiltIn(name) === false)) return [];
  return loadOrder(roots.filter(isThere), store);
}

/**
 * What KVM needs in load order: the first of `candidates` that the kernel has. Empty when KVM is
 * built in (or nothing tells); `KERNEL_WITHOUT_KVM` when there is none.
 */
export async function findKvmModules(
  candidates: readonly string[],
  store: ModuleStore,
): Promise<ModuleFile[]> {
  for (const name of candidates) {
    if (store.files.has(name)) return loadOrder([name], store);
    if (store.isBuiltIn(name) === true) return [];
  }
  if (store.isBuiltIn('kvm') !== false) return [];
  throw new SprmatrixError({
    code: 'KERNEL_WITHOUT_KVM',
    kind: 'usage',
    message: `${store.owner} has no KVM: it is not built in, and there is no module ${candidates.join(' or ')}`,
    hint: 'CONFIG_KVM_BOOK3S_64_HV is what it needs (fixtures/kconfig/hv.config); when it is a module, say where with --modules=DIR',
  });
}

/** The modules and all that they depend on, each after what it depends on. */
async function loadOrder(roots: readonly string[], store: ModuleStore): Promise<ModuleFile[]> {
  const found = new Map<string, { path: string; depends: readonly string[] }>();
  let wanted = roots.map((name) => ({ name, by: store.owner }));
  while (wanted.length > 0) {
    for (const { name, by } of wanted) {
      if (!store.files.has(name)) throw missing(name, store, by);
    }
    const paths = await store.fetch(wanted.map(({ name }) => name));
    const read = async (path: string): Promise<{ path: string; depends: readonly string[] }> => ({
      path,
      depends: await store.readDepends(path),
    });
    const modules = await Promise.all(
      [...paths].map(async ([name, path]) => [name, await read(path)] as const),
    );
    // In their order, whichever is read first: a module that is missing is reported with the first that needs it.
    for (const [name, module] of modules) found.set(name, module);
    wanted = [...found]
      .flatMap(([by, { depends }]) => depends.map((name) => ({ name, by: `module ${by}` })))
      .filter(({ name }, index, all) => {
        return !found.has(name) && all.findIndex((it) => it.name === name) === index;
      });
  }
  const ordered = new Map<string, ModuleFile>();
  const visit = (name: string, above: readonly string[]): void => {
    const module = found.get(name);
    if (module === undefined || ordered.has(name) || above.includes(name)) return;
    for (const dependency of module.depends) visit(dependency, [...above, name]);
    ordered.set(name, { name, path: module.path });
  };
  for (const name of roots) visit(name, []);
  return [...ordered.values()];
}

function missing(name: string, store: ModuleStore, neededBy: string): SprmatrixError {
  return new SprmatrixError({
    code: 'MODULE_MISSING',
    kind: 'usage',
    message: `${store.owner} has no module ${name}, which ${neededBy} needs`,
    hint: 'say where the modules are with --modules=DIR, or build it in',
  });
}
