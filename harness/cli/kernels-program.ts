import type { Command } from 'commander';
import type { KernelsOptions } from './kernels-command.js';

const MIRROR = ['--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)"] as const;

/** Adds `sprmatrix kernels` and its commands; their code is loaded when one is used. */
export function addKernelsCommand(program: Command): void {
  const kernels = program
    .command('kernels')
    .description(
      'kernels in the cache: list, fetch, build, add, prune; config of those built here',
    );
  kernels
    .command('list')
    .description('every kernel that has a name, whether it is in the cache, and its size')
    .option('--json', 'an array of objects', false)
    .option('--refresh', "read Debian's package lists again", false)
    .option(...MIRROR)
    .action(async (options: KernelsOptions) => {
      await (await import('./kernels-command.js')).listKernels(options);
    });
  kernels
    .command('fetch')
    .description("fetch Debian's kernels, and the sources of kernels that are built here")
    .argument('<selector...>', 'as of --kernel: debian-6.1, 5.x, build-6.12, all')
    .option(...MIRROR)
    .action(async (selectors: string[], options: KernelsOptions) => {
      await (await import('./kernels-command.js')).fetchSelected(selectors, options);
    });
  kernels
    .command('build')
    .description('have kernels ready to boot: build those that are built here, fetch the others')
    .argument('<selector...>', 'as of --kernel: 5.x, build-6.12, all')
    .option(...MIRROR)
    .action(async (selectors: string[], options: KernelsOptions) => {
      await (await import('./kernels-command.js')).buildSelected(selectors, options);
    });
  kernels
    .command('add')
    .description('give tags of a git repository a name here (matrix/kernels.json)')
    .argument('<tag...>', 'v6.8, tags:v6.2..v6.11')
    .option('--git <repository>', 'where they are: stable, mainline, next, powerpc or an address')
    .action(async (tags: string[], options: KernelsOptions & { git?: string }) => {
      await (await import('./kernels-command.js')).addKernels(tags, options);
    });
  kernels
    .command('prune')
    .description('remove all but the newest of each kernel and source, and what killed runs left')
    .option('--all', 'everything', false)
    .option('--dry-run', 'only say what would go', false)
    .action(async (options: KernelsOptions) => {
      await (await import('./kernels-command.js')).pruneKernels(options);
    });
  kernels
    .command('config')
    .description("a build's merged fragments; with --check, configure its source with them")
    .argument('<selector>', 'build-5.10, build-6.1')
    .option('--check', 'print the whole configuration, and fail when it lacks an option', false)
    .option(...MIRROR)
    .action(async (selector: string, options: KernelsOptions) => {
      await (await import('./kernels-command.js')).printConfig(selector, options);
    });
}
