import type { Command } from 'commander';
import type { CacheListOptions, CacheRemovalOptions } from './cache-command.js';
import { CACHE_KINDS } from './cache-kinds.js';
import { parseAge, parseSize } from './cache-limits.js';

const DRY_RUN = ['--dry-run', 'only say what would go', false] as const;

/** Adds `sprmatrix cache` and its commands; their code is loaded when one is used. */
export function addCacheCommand(program: Command): void {
  const cache = program
    .command('cache')
    .description('what is kept to be quicker the next time: list, prune, clear')
    .addHelpText('after', `\nKinds:\n${kindList()}\n\n${AGAIN}`);
  cache
    .command('list')
    .description('what is cached, its size and last use: by kind, or the entries of one kind')
    .argument('[kind]', 'snapshots, kernels, ...')
    .option('--json', 'an array of objects', false)
    .action(async (kind: string | undefined, options: CacheListOptions) => {
      console.log(await (await import('./cache-command.js')).listCached(kind, options));
    });
  cache
    .command('prune')
    .description('remove what was not used for long, then the least recently used above a size')
    .option('--older-than <age>', 'not used for so long: 12h, 30d', ...limit(parseAge, '30d'))
    .option('--max-size <size>', 'of all that stays: 500M, 20G', ...limit(parseSize, '20G'))
    .option(...DRY_RUN)
    .addHelpText('after', `\n${AGAIN}`)
    .action(async (options: CacheRemovalOptions) => {
      const { pruneCache } = await import('./cache-command.js');
      console.log(await pruneCache(withDefaults(options)));
    });
  cache
    .command('clear')
    .description('remove all, or all of the named kinds')
    .argument('[kind...]', 'snapshots, kernels, ...')
    .option(...DRY_RUN)
    .addHelpText('after', `\nKinds:\n${kindList()}\n\n${AGAIN}`)
    .action(async (kinds: string[], options: CacheRemovalOptions) => {
      console.log(await (await import('./cache-command.js')).clearCache(kinds, options));
    });
}
