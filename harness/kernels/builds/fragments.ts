import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { unknownName } from '../../base/nearest.js';
import { repositoryPath } from '../../base/paths.js';

/** A file of configuration options about one concern. */
export interface Fragment {
  readonly name: string;
  readonly text: string;
}

/** An option that a fragment asks for. */
export interface WantedOption {
  /** Without `CONFIG_`. */
  readonly name: string;
  /** As in a .config: `y`, `m`, a number, a quoted text; `n` for "is not set". */
  readonly value: string;
  /** The fragment that asks for it. */
  readonly fragment: string;
}

const ENDING = '.config';
const SET = /^CONFIG_(\w+)=(\S.*)$/;
const UNSET = /^# CONFIG_(\w+) is not set$/;

/** The fragments of those names. A name that none has is the usage error `UNKNOWN_CONFIG_FRAGMENT`. */
export async function readFragments(
  names: readonly string[],
  folder = repositoryPath('fixtures', 'kconfig'),
): Promise<Fragment[]> {
  const known = (await readdir(folder))
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length));
  return Promise.all(
    names.map(async (name) => {
      if (!known.includes(name)) throw unknownName('config fragment', name, known);
      return { name, text: await readFile(join(folder, `${name}${ENDING}`), 'utf8') };
    }),
  );
}

/**
 * All options of the fragments, each once, in their order. Two values for one option, and a line
 * that is neither an option nor a comment, are the error `KCONFIG_INVALID`.
 */
export function mergeFragments(fragments: readonly Fragment[]): WantedOption[] {
  const options = new Map<string, WantedOption>();
  for (const fragment of fragments) {
    for (const option of parseFragment(fragment)) {
      const before = options.get(option.name);
      if (before !== undefined && before.value !== option.value) {
        throw invalid(
          `CONFIG_${option.name} is ${before.value} in ${before.fragment}${ENDING} and ${option.value} in ${option.fragment}${ENDING}`,
        );
      }
      options.set(option.name, before ?? option);
    }
  }
  return [...options.values()];
}

/** The options as a file for KCONFIG_ALLCONFIG, each fragment's under its name. */
export function configText(options: readonly WantedOption[]): string {
  const lines: string[] = [];
  let current: string | undefined;
  for (const option of options) {
    if (option.fragment !== current) lines.push(`# ${option.fragment}${ENDING}`);
    current = option.fragment;
    lines.push(optionText(option));
  }
  return `${lines.join('\n')}\n`;
}

/** An option as a line of a .config. */
export function optionText({ name, value }: Pick<WantedOption, 'name' | 'value'>): string {
  return value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`;
}

/** Option (without `CONFIG_`) -> value of every option that is set in the text of a .config. */
export function parseConfig(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value] = SET.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function parseFragment({ name: fragment, text }: Fragment): WantedOption[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    const [, unset] = UNSET.exec(line) ?? [];
    if (unset !== undefined) return [{ name: unset, value: 'n', fragment }];
    if (line === '' || line.startsWith('#')) return [];
    const [, name, value] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [{ name, value, fragment }];
    throw invalid(
      `${fragment}${ENDING} line ${index + 1} is neither CONFIG_NAME=value nor a comment: ${line}`,
    );
  });
}

function invalid(message: string): SprmatrixError {
  return new SprmatrixError({
    code: 'KCONFIG_INVALID',
    message,
    hint: 'the fragments are in fixtures/kconfig',
  });
}
