import type { Command } from 'commander';
import type { CacheListOptions, CacheRemovalOptions } from './cache-command.js';

const AGAIN =
  'Whatever goes is made or fetched again when it is needed; an entry in use by another run stays.';
const DRY_RUN = ['--dry-run', 'only say what would go', false] as const;

/** What was typed behind `cache prune`. */
interface PruneWords {
  readonly olderThan: string;
  readonly maxSize: string;
  readonly dryRun: boolean;
}

/** Adds `sprmatrix cache` and its commands; their code is loaded when one is used. */
export function addCacheCommand(program: Command): void {
  const cache = program
    .command('cache')
    .description('what is kept to be quicker the next time: list, prune, clear')
    .addHelpText('after', `\n${AGAIN}`);
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
    .option('--older-than <age>', 'not used for so long: 12h, 30d', '30d')
    .option('--max-size <size>', 'of all that stays: 500M, 20G', '20G')
    .option(...DRY_RUN)
    .addHelpText('after', `\n${AGAIN}`)
    .action(async ({ olderThan, maxSize, dryRun }: PruneWords) => {
      const { pruneCache } = await import('./cache-command.js');
      const { parseAge, parseSize } = await import('./cache-limits.js');
      const limits = { olderThan: parseAge(olderThan), maxSize: parseSize(maxSize), dryRun };
      console.log(await pruneCache(limits));
    });
  cache
    .command('clear')
    .description('remove all, or all of the named kinds')
    .argument('[kind...]', 'snapshots, kernels, ...')
    .option(...DRY_RUN)
    .addHelpText('after', `\n${AGAIN}`)
    .action(async (kinds: string[], options: CacheRemovalOptions) => {
      console.log(await (await import('./cache-command.js')).clearCache(kinds, options));
    });
}
