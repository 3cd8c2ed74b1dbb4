import type { Command } from 'commander';
import { Option } from 'commander';
import type { CacheClearOptions, CacheListOptions, CachePruneOptions } from './cache-command.js';
import { CACHE_KINDS } from '../cache/cache-kinds.js';
import { parseAge, parseSize } from '../cache/cache-limits.js';

const DRY_RUN = ['--dry-run', 'only say what would go', false] as const;

const KINDS = CACHE_KINDS.map(({ kind, what }) => `  ${kind.padEnd(12)}${what}`);
const HELP = `
Kinds, and what it takes to have them again:
${KINDS.join('\n')}

All that is removed is made again when it is needed. What another run makes at that time stays;
remove nothing while cells run, or one may miss the kernel that it was about to boot.`;

/** Adds `sprmatrix cache` and its commands; their code is loaded when one is used. */
export function addCacheCommand(program: Command): void {
  const cache = program
    .command('cache')
    .description('what is kept to be quicker the next time: list, prune, clear')
    .addHelpText('after', HELP);
  cache
    .command('list')
    .description('what is cached, its size and last use: by kind, or the entries of one kind')
    .argument('[kind]', 'snapshots, kernels ...')
    .option('--json', 'an array of objects', false)
    .addHelpText('after', HELP)
    .action(async (kind: string | undefined, options: CacheListOptions) => {
      console.log(await (await import('./cache-command.js')).listCached(kind, options));
    });
  cache
    .command('prune')
    .description('remove what was not used for long, then the least recently used above a size')
    .addOption(
      new Option('--older-than <age>', 'not used for so long, as 12h or 30d')
        .argParser(parseAge)
        .default(parseAge('30d'), '30d'),
    )
    .addOption(
      new Option('--max-size <size>', 'of all that stays, as 500M or 20G')
        .argParser(parseSize)
        .default(parseSize('20G'), '20G'),
    )
    .option(...DRY_RUN)
    .addHelpText('after', HELP)
    .action(async (options: CachePruneOptions) => {
      console.log(await (await import('./cache-command.js')).pruneCache(options));
    });
  cache
    .command('clear')
    .description('remove everything, or everything of the named kinds')
    .argument('[kind...]', 'snapshots, kernels ...')
    .option(...DRY_RUN)
    .addHelpText('after', HELP)
    .action(async (kinds: string[], options: CacheClearOptions) => {
      console.log(await (await import('./cache-command.js')).clearCache(kinds, options));
    });
}
