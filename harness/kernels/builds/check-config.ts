import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { runTool } from '../../base/tool.js';
import type { WantedOption } from './fragments.js';
import { optionText, parseConfig } from './fragments.js';
import { definitionsOf, symbolsIn } from './kconfig-depends.js';

/** An option that was asked for and that the configuration has not, or has otherwise. */
export interface LostOption {
  readonly wanted: WantedOption;
  /** Its value in the configuration, `n` when it is not set. */
  readonly got: string;
}

/** The wanted options that are not as they were asked for in the text of a .config. */
export function lostOptions(wanted: readonly WantedOption[], config: string): LostOption[] {
  const values = parseConfig(config);
  return wanted
    .map((option) => ({ wanted: option, got: values.get(option.name) ?? 'n' }))
    .filter(({ wanted: { value }, got }) => value !== got);
}

/**
 * Throws `KCONFIG_LOST` when an option that was asked for is not in the configuration: it names
 * each, its fragment, what it depends on in the source's Kconfig files, and what of that is not set.
 */
export async function requireOptions(
  owner: string,
  wanted: readonly WantedOption[],
  configPath: string,
  source: string,
  signal?: AbortSignal,
): Promise<void> {
  const config = await readFile(configPath, 'utf8');
  const lost = lostOptions(wanted, config);
  if (lost.length === 0) return;
  const values = parseConfig(config);
  const reasons: string[] = [];
  for (const option of lost) {
    for (const line of await explainLoss(option, values, source, signal)) reasons.push(line);
  }
  throw new SprmatrixError({
    code: 'KCONFIG_LOST',
    message: `${owner}: the configuration lacks what its fragments ask for: ${lost.map(({ wanted: option }) => optionText(option)).join(', ')}`,
    evidence: reasons,
    hint: `an option needs all that it depends on in a fragment, too (fixtures/kconfig/${lost[0]?.wanted.fragment ?? '*'}.config)`,
  });
}

async function explainLoss(
  { wanted, got }: LostOption,
  values: ReadonlyMap<string, string>,
  source: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const name = `CONFIG_${wanted.name}`;
  const head = `${name} (${wanted.fragment}.config) is ${got === 'n' ? 'not set' : got}`;
  const definitions = await findDefinitions(wanted.name, source, signal);
  if (definitions.length === 0) {
    return [`${head}: no Kconfig file of this source has an option of that name`];
  }
  return definitions.map(({ file, depends }) => {
    if (depends.length === 0) return `${head}: in ${file} it depends on nothing; is it a choice?`;
    const unset = symbolsIn(depends).filter((symbol) => !values.has(symbol));
    const missing = unset.length === 0 ? '' : ` (not set: ${unset.join(', ')})`;
    return `${head}: in ${file} it depends on ${depends.join(' && ')}${missing}`;
  });
}

interface FoundDefinition {
  /** Relative to the source. */
  readonly file: string;
  readonly depends: readonly string[];
}

/** Where the source defines an option, other architectures' folders left out. */
async function findDefinitions(
  option: string,
  source: string,
  signal: AbortSignal | undefined,
): Promise<FoundDefinition[]> {
  const pattern = `^[[:space:]]*(menu)?config[[:space:]]+${option}[[:space:]]*$`;
  // grep -s: a tree may hold links to nowhere; it fails when it finds nothing.
  const names = await runTool(
    'sh',
    ['-c', `grep -rslE --include='Kconfig*' -e "$1" -- "$2" || true`, 'sh', pattern, source],
    { signal },
  );
  const files = names
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => relative(source, path))
    .filter((path) => !/^arch\/(?!powerpc\/|Kconfig)/.test(path))
    .sort();
  const found: FoundDefinition[] = [];
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    for (const { depends } of definitionsOf(option, text)) found.push({ file, depends });
  }
  return found;
}
