import { execa } from 'execa';
import { repositoryRoot } from '../base/paths.js';
import type { BenchContext, FigureSource } from './bench-context.js';
import { judged } from './figure.js';
import { requireVerdict } from './run-cli.js';
import { median } from './statistics.js';

interface NpmCommand {
  readonly id: string;
  readonly what: string;
  /** What follows `npm`. */
  readonly words: readonly string[];
  /** Seconds. */
  readonly limit: number;
  /** Of minutes: it runs once, without another before that is not timed. */
  readonly isLong: boolean;
  readonly isNamedOnly?: true;
}

const CELL = ['--kernel=6.12', '--platform=pseries-p9-nested'];

const COMMANDS: readonly NpmCommand[] = [
  {
    ...{ id: 'npm-start', what: '`npm start`, the second time' },
    ...{ words: ['start'], limit: 8, isLong: false },
  },
  {
    ...{ id: 'npm-test-cell', what: '`npm test` of one cell, the second time' },
    ...{ words: ['test', '--', ...CELL], limit: 5, isLong: false },
  },
  {
    ...{ id: 'npm-test', what: '`npm test`, with what it needs cached (minutes)' },
    ...{ words: ['test'], limit: 180, isLong: true },
  },
  {
    ...{ id: 'npm-test-all', what: '`npm run test:all`, with what it needs cached (many minutes)' },
    ...{ words: ['run', 'test:all'], limit: 480, isLong: true, isNamedOnly: true },
  },
];

/** Whole commands as a person types them, in this checkout. */
export const npmCommands: readonly FigureSource[] = COMMANDS.map((command) => ({
  ...{ id: command.id, what: command.what, isExpensive: true, isNamedOnly: command.isNamedOnly },
  measure: async (context) => {
    const { words, limit, isLong } = command;
    // The first one fetches and saves what the others find.
    if (!isLong) await run(words, context);
    const runsMs: number[] = [];
    for (let count = 1; count <= (isLong ? 1 : context.runs); count++) {
      runsMs.push(await run(words, context));
    }
    return [
      judged({
        name: `\`npm ${words.join(' ')}\`${isLong ? '' : ', the second time'}`,
        aim: { is: 'below', value: limit },
        value: median(runsMs) / 1000,
        unit: 's',
        details: { runsMs },
      }),
    ];
  },
}));

/** Milliseconds. Throws `CLI_FAILED` when it ends with 2 or above. */
async function run(words: readonly string[], { signal, say }: BenchContext): Promise<number> {
  const startedAt = performance.now();
  const ended = await execa('npm', words, {
    ...{ cwd: repositoryRoot, cleanup: true, stdin: 'ignore', reject: false, all: true },
    cancelSignal: signal,
  });
  const ms = performance.now() - startedAt;
  const exitCode = requireVerdict(ended);
  say(`${ended.escapedCommand}: ${(ms / 1000).toFixed(1)} s, exit ${exitCode}`);
  return ms;
}
