import { findProgram } from '../../base/find-program.js';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { requireOptions } from './check-config.js';
import type { WantedOption } from './fragments.js';
import { configText, parseConfig } from './fragments.js';
import { runMake } from './run-make.js';

export interface CompileOptions {
  /** What is built, for messages. */
  readonly owner: string;
  /** The folder of the kernel's sources; nothing is written there unless it is `objects` too. */
  readonly source: string;
  /** Gets the configuration and everything compiled. */
  readonly objects: string;
  /** The compiler's target: `powerpc64le-linux-gnu`. */
  readonly compiler: string;
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Makes the smallest configuration that has the wanted options, and checks that it has them:
 * `KCONFIG_LOST` otherwise. Those of `optional` are asked for too and may be lost.
 */
export async function configureKernel(
  options: CompileOptions,
  wanted: readonly WantedOption[],
  optional: readonly WantedOption[] = [],
): Promise<void> {
  const { owner, source, objects, signal, onProgress } = options;
  onProgress?.(`${owner}: configuring`);
  await mkdir(objects, { recursive: true });
  const wish = join(objects, 'wanted.config');
  await writeFile(wish, configText([...wanted, ...optional]));
  await runMake([...(await makeArguments(options)), `KCONFIG_ALLCONFIG=${wish}`, 'allnoconfig'], {
    ...{ owner, signal, folder: source, log: options.log },
  });
  await requireOptions(owner, wanted, join(objects, '.config'), source, signal);
}

/** Gives options that are new in the source their default: what else would ask a person. */
export async function updateConfiguration(options: CompileOptions): Promise<void> {
  const { owner, source, signal, log } = options;
  await runMake([...(await makeArguments(options)), 'olddefconfig'], {
    owner,
    signal,
    folder: source,
    log,
  });
}

/** The text of the .config that `configureKernel` made. */
export async function readConfiguration({ objects }: CompileOptions): Promise<string> {
  return readFile(join(objects, '.config'), 'utf8');
}

/**
 * Compiles the configured kernel, with its modules if it has some, and returns the path of its
 * image; `steps` is about how many.
 */
export async function compileKernel(options: CompileOptions, steps: number): Promise<string> {
  const { owner, source, objects, signal, onProgress } = options;
  let done = 0;
  const hasModules = parseConfig(await readConfiguration(options)).get('MODULES') === 'y';
  const targets = hasModules ? ['vmlinux', 'modules'] : ['vmlinux'];
  await runMake([...(await makeArguments(options)), `-j${availableParallelism()}`, ...targets], {
    ...{ owner, signal, folder: source, log: options.log },
    onStep: (step) => {
      done += 1;
      const percent = Math.min(99, Math.floor((100 * done) / steps));
      onProgress?.(`${owner}: compiling, ${percent} % (${done} of about ${steps}): ${step}`);
    },
  });
  return join(objects, 'vmlinux');
}

async function makeArguments({ source, objects, compiler }: CompileOptions): Promise<string[]> {
  const place = objects === source ? [] : [`O=${objects}`];
  // What was compiled before, in whichever tree, is taken from ccache's cache where there is one. Another
  // compiler's name would have all compiled again in a tree that its owner builds.
  const cached =
    objects !== source && (await findProgram('ccache')) !== undefined
      ? [`CC=ccache ${compiler}-gcc`]
      : [];
  return ['ARCH=powerpc', `CROSS_COMPILE=${compiler}-`, ...cached, ...place];
}
