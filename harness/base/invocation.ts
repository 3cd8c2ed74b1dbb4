import { basename, relative } from 'node:path';
import { repositoryPath, repositoryRoot } from './paths.js';
import { shellQuoted } from './shell-quoted.js';

/** How this process was called, for lines that show a failure again from the same folder. */
export interface Invocation {
  /** The words of a shell before the options of `sprmatrix run` and of the gate. */
  readonly run: string;
  readonly test: string;
  /** Options of the run that do not choose its cells or registers, e.g. `--qemu=/opt/qemu`. */
  readonly options: readonly string[];
  /** Its choice of registers, and its hostile calls: a line about one register has neither. */
  readonly asked: readonly string[];
}

/** What `processInvocation` looks at. */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The script that Node was started with. */
  readonly script: string;
  readonly root: string;
}

/**
 * The words that start `sprmatrix run` and the gate again, from where this process was started: by npm or
 * npx, by name, or by the path of a checkout.
 */
export function programWords(facts: ProcessFacts = factsHere()): { run: string; test: string } {
  const { env, cwd, script, root } = facts;
  const gate = env['SPRMATRIX_GATE'] ?? '';
  if (gate !== '') {
    // Whatever npm script the gate was called by is not ours.
    const program = sprmatrixWords({ ...facts, env: {} }, isBelow(root, cwd));
    return { run: `${program} run`, test: shellQuoted(gate) };
  }
  const isInside = isBelow(root, env['INIT_CWD'] ?? cwd);
  const program = sprmatrixWords(facts, isInside);
  const run = `${program} run`;
  if (basename(script) !== 'test-command.js') return { run, test: `${program} test` };
  if (isInside) return { run, test: 'npm test --' };
  const test =
    env['npm_lifecycle_event'] === undefined
      ? shellQuoted(repositoryPath('scripts/gate'))
      : `npm --prefix ${shellQuoted(root)} test --`;
  return { run, test };
}

const isBelow = (root: string, folder: string): boolean => !relative(root, folder).startsWith('..');

function sprmatrixWords({ env, script, root }: ProcessFacts, isInside: boolean): string {
  const isByName = basename(script) === 'sprmatrix';
  if (env['npm_command'] === 'exec' || script.includes('/node_modules/.bin/')) {
    return 'npx sprmatrix';
  }
  if (isByName) return 'sprmatrix';
  return isInside ? 'npx sprmatrix' : shellQuoted(`${root}/bin/sprmatrix.cjs`);
}

function factsHere(): ProcessFacts {
  const script = process.argv[1] ?? '';
  return { env: process.env, cwd: process.cwd(), script, root: repositoryRoot };
}

let current: Invocation = {
  ...{ run: 'npx sprmatrix run', test: 'npm test --' },
  ...{ options: [], asked: [] },
};

/** The invocation of this process; a test's worker has that of the run that started it. */
export function invocation(): Invocation {
  return current;
}

/** Says how this process, or the run that started it, was called. */
export function setInvocation(invocation: Invocation): void {
  current = invocation;
}
