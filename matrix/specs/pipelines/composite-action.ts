import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { repositoryPath } from '../../../harness/base/paths.js';

/** A composite action as GitHub reads it, as far as ours uses it. */
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

/** What became of an action's steps. */
export interface ActionRun {
  readonly isFailed: boolean;
  /** Of the action, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What the steps that are others' actions were given. */
  readonly used: readonly { readonly action: string; readonly with: Record<string, string> }[];
  readonly summary: string;
  readonly log: string;
}

/**
 * Runs the steps of action.yml in `workspace` as GitHub's runner does: expressions are replaced, shell steps run by
 * bash with the GITHUB_ files, `if: always()` after a failure too. Steps that are others' actions are noted.
 */
export async function runAction(
  given: Readonly<Record<string, string>>,
  workspace: string,
): Promise<ActionRun> {
  const action = parse(await readFile(repositoryPath('action.yml'), 'utf8')) as Action;
  const files = join(workspace, 'runner');
  await mkdir(files, { recursive: true });
  const [output, summary] = [join(files, 'output'), join(files, 'summary')];
  const values = new Map<string, string>([
    ...Object.entries(action.inputs).map(([name, input]): [string, string] => [
      `inputs.${name}`,
      given[name] ?? input.default ?? '',
    ]),
    ...[
      ['runner.os', 'Linux'] as const,
      ['github.action_ref || github.sha', 'c0ffee'] as const,
      ['steps.cache.outputs.cache-hit', 'false'] as const,
    ],
  ]);
  const replaced = (text: string): string =>
    text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, name: string) => {
      // A step that set no such output has an empty one.
      const value = values.get(name) ?? (name.startsWith('steps.') ? '' : undefined);
      if (value === undefined) throw new Error(`action.yml: nothing is known of ${name}`);
      return value;
    });
  const all = (record: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(record).map(([name, text]) => [name, replaced(text)]));
  const used: { action: string; with: Record<string, string> }[] = [];
  let [isFailed, log] = [false, ''];
  for (const step of action.runs.steps) {
    if (isFailed && step.if !== 'always()') continue;
    if (step.uses !== undefined) {
      used.push({ action: step.uses.replace(/@.*/, ''), with: all(step.with) });
      continue;
    }
    await Promise.all([output, summary].map(async (path) => writeFile(path, '')));
    const { exitCode, all: printed } = await execa('bash', ['-e', '-c', replaced(step.run ?? '')], {
      cwd: workspace,
      env: {
        ...all(step.env),
        ...{ GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: repositoryPath() },
        ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: workspace },
        ...{ SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: 'build/nested-test-results' },
      },
      ...{ all: true, reject: false },
    });
    isFailed = exitCode !== 0;
    log += printed;
    for (const line of (await readFile(output, 'utf8')).split('\n')) {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name !== undefined) values.set(`steps.${step.id ?? ''}.outputs.${name}`, value ?? '');
    }
  }
  return {
    ...{ isFailed, used, log },
    outputs: Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, replaced(value)]),
    ),
    summary: existsSync(summary) ? await readFile(summary, 'utf8') : '',
  };
}
