import { configOf } from './given/image-config.js';
import { openFileModules } from './file-kernel.js';
import { scanImage } from './image-scan.js';
import type { KernelEntry } from './kernel-entry.js';
import { checkNeeds } from './kernel-needs.js';
import type { NeedFinding } from './kernel-needs.js';
import type { ModuleStore } from './modules.js';
import { moduleName, noModules } from './modules.js';
import { prepareKernel } from './prepare-kernel.js';
import { selectKernels } from './select-kernels.js';
import type { SelectOptions } from './select-kernels.js';

/** What can be said of a kernel without booting it. */
export interface KernelExamination {
  readonly name: string;
  /** Path of the ELF image. */
  readonly image: string;
  /** Where its configuration was read, or that there is none. */
  readonly configuredBy: string;
  readonly findings: readonly NeedFinding[];
}

/**
 * Looks at the kernels that a selector names; named ones are fetched or built first. A file that lacks something
 * is no error here: that is what is looked for.
 */
export async function examineKernel(
  selector: string,
  kernels: readonly KernelEntry[],
  options: SelectOptions & { readonly mirror?: string | undefined },
): Promise<KernelExamination[]> {
  const found = await selectKernels([selector], kernels, { ...options, isExamined: true });
  const examinations: KernelExamination[] = [];
  for (const entry of found) examinations.push(await examineOne(entry, options));
  return examinations;
}

async function examineOne(
  entry: KernelEntry,
  options: SelectOptions & { readonly mirror?: string | undefined },
): Promise<KernelExamination> {
  const { source } = entry;
  const image = source.kind === 'file' ? source.image : undefined;
  const prepared = image === undefined ? await prepareKernel(entry, options) : undefined;
  const path = image ?? prepared?.image ?? '';
  const scan = await scanImage(path, options.signal);
  const store: Pick<ModuleStore, 'files' | 'isBuiltIn'> =
    source.kind === 'file'
      ? await openFileModules(source.given.kernel, scan, source.modules, options)
      : storeOf(
          [...(prepared?.channelModules ?? []), ...(prepared?.kvmModules ?? [])],
          scan.builtIn,
        );
  const config = await configOf(path, path, scan.release ?? '');
  return {
    name: source.kind === 'file' ? source.given.kernel : entry.id,
    image: path,
    configuredBy: config?.from ?? 'none was found: the modules and the image are all that tells',
    findings: checkNeeds({ config, store }),
  };
}

/** Modules that are ready to be loaded, as a store that only says that they are there. */
function storeOf(
  paths: readonly string[],
  builtIn: ReadonlySet<string> | undefined,
): Pick<ModuleStore, 'files' | 'isBuiltIn'> {
  const files = new Map(
    paths.flatMap((path) => {
      const name = moduleName(path.replace(/\/\d+-/, '/'));
      return name === undefined ? [] : [[name, path] as const];
    }),
  );
  return { ...noModules('', builtIn), files };
}
