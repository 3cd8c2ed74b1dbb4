import { fittedTable } from './progress/fitted-table.js';
import { checkBuild } from '../kernels/builds/check-build.js';
import { findSourcePackage } from '../kernels/builds/source-list.js';
import { sourceArchive } from '../kernels/builds/build-kernel.js';
import { ensureSourcePackage } from '../kernels/builds/source-package.js';
import { configText, mergeFragments, readFragments } from '../kernels/builds/fragments.js';
import { SprmatrixError } from '../base/error.js';
import type { CachedItem } from '../kernels/kernel-cache.js';
import { listCache, prunable, removeCached } from '../kernels/kernel-cache.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import type { KernelBuild } from '../kernels/kernels.generated.js';
import { selectKernels } from '../kernels/select-kernels.js';
import { fetchKernels } from './fetch-kernels.js';
import { plainProgress } from '../base/plain-progress.js';
import { interruptSignal } from './process-end.js';
import { loadKernels } from '../kernels/known-kernels.js';

export interface KernelsOptions {
  readonly mirror?: string | undefined;
  readonly json?: boolean;
  readonly refresh?: boolean;
  /** Of `prune`: everything, and only say what would go. */
  readonly all?: boolean;
  readonly dryRun?: boolean;
  /** Of `config`: configure a source with it, too. */
  readonly check?: boolean;
}

/** `sprmatrix kernels list`: every kernel that has a name, whether it is in the cache, and its size. */
export async function listKernels(options: KernelsOptions): Promise<void> {
  const { kernels, warnings } = await loadKernels(options);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const cached = (await listCache()).filter(({ kind }) => kind === 'kernel');
  const rows = kernels.map(({ id, version, source }) => {
    const mine = cached.filter(({ name }) => name === id);
    const state =
      mine.length > 0 ? 'cached' : source.kind === 'build' ? 'not built' : 'not fetched';
    const bytes = mine.reduce((sum, item) => sum + item.bytes, 0);
    const from = source.kind === 'build' ? source.build.package : originOf(source);
    return { id, version, from, state, bytes };
  });
  if (options.json === true) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const head = ['id', 'version', 'from', 'state', 'size'];
  const texts = rows.map(({ id, version, from, state, bytes }) => [
    ...[id, version, from, state],
    bytes === 0 ? '' : megabytes(bytes),
  ]);
  console.log(fittedTable(head, texts));
}

/** `sprmatrix kernels fetch`: Debian's kernels into the cache, and of builds their sources. */
export async function fetchSelected(
  selectors: readonly string[],
  options: KernelsOptions,
): Promise<void> {
  const signal = interruptSignal();
  const kernels = await select(selectors, options);
  await fetchKernels(
    kernels.filter(({ source }) => source.kind !== 'build'),
    { signal, mirror: options.mirror },
  );
  const work = { signal, mirror: options.mirror, onProgress: plainProgress(), onNotice: notice };
  for (const build of buildsOf(kernels)) {
    const archive = { ...work, source: sourceArchive(work) };
    const path = await ensureSourcePackage(
      build.id,
      await findSourcePackage(build, archive),
      archive,
    );
    console.log(`${build.id}: ${path}`);
  }
}

/** `sprmatrix kernels build`: has the selected kernels in the cache, ready to boot. */
export async function buildSelected(
  selectors: readonly string[],
  options: KernelsOptions,
): Promise<void> {
  const kernels = await select(selectors, options);
  const prepared = await fetchKernels(kernels, {
    signal: interruptSignal(),
    mirror: options.mirror,
  });
  for (const { id, image } of prepared) console.log(`${id}: ${image}`);
}

/** `sprmatrix kernels prune`: removes what is old in the cache, or with --all everything. */
export async function pruneKernels(options: KernelsOptions): Promise<void> {
  const items: readonly CachedItem[] = prunable(await listCache(), options.all === true);
  for (const item of items) {
    if (options.dryRun !== true) await removeCached(item);
    console.log(`${options.dryRun === true ? 'would remove' : 'removed'} ${item.path}`);
  }
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  console.log(`${items.length} removed, ${megabytes(bytes)}`);
}

/** `sprmatrix kernels add`: writes tags of a git repository into matrix/kernels.json. */
export async function addKernels(
  words: readonly string[],
  options: KernelsOptions & { readonly git?: string },
): Promise<void> {
  const { selectUpstream } = await import('../kernels/upstream/select-upstream.js');
  const { addUpstream } = await import('../kernels/upstream/add-upstream.js');
  const work = { git: options.git, signal: interruptSignal(), onProgress: plainProgress() };
  for (const word of words) {
    const kernels = await selectUpstream(word, work);
    const added = await addUpstream(kernels);
    for (const { id } of kernels) {
      const isNew = added.some((it) => it.id === id);
      console.log(
        isNew
          ? `${id}: added to matrix/kernels.json; its baselines: npx sprmatrix run --kernel=${id} --update-baseline`
          : `${id}: is in matrix/kernels.json`,
      );
    }
  }
}

/** `sprmatrix kernels config`: a build's merged fragments, or with --check its configuration. */
export async function printConfig(selector: string, options: KernelsOptions): Promise<void> {
  const builds = buildsOf(await select([selector], options));
  if (builds.length === 0) {
    throw new SprmatrixError({
      code: 'NOT_A_BUILD',
      kind: 'usage',
      message: `"${selector}" is not built here, so it has no configuration of ours`,
      hint: 'of a line that has a package, the build is build-LINE: build-6.1',
    });
  }
  const work = { signal: interruptSignal(), mirror: options.mirror, onProgress: plainProgress() };
  for (const build of builds) {
    const text =
      options.check === true
        ? await checkBuild(build, work)
        : configText(mergeFragments(await readFragments(build.fragments)));
    process.stdout.write(text);
  }
}

async function select(
  selectors: readonly string[],
  options: KernelsOptions,
): Promise<KernelEntry[]> {
  const { kernels, warnings } = await loadKernels(options);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  return selectKernels(selectors, kernels);
}

function buildsOf(kernels: readonly KernelEntry[]): KernelBuild[] {
  return kernels.flatMap(({ source }) => (source.kind === 'build' ? [source.build] : []));
}

function originOf(source: Exclude<KernelEntry['source'], { kind: 'build' }>): string {
  if (source.kind === 'git') return source.repository;
  return source.kind === 'debian' ? source.suite : source.image;
}

function notice(message: string): void {
  console.error(message);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
