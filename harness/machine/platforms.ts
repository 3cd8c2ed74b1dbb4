import { repositoryPath } from '../base/paths.js';
import { compileSchema, readDataFile } from '../data/schema.js';
import { selectByName } from '../base/selectors.js';
import type { Hardware, Platform, PlatformList, QemuPackages } from './platforms.generated.js';

export type { Architecture, Hardware, Platform, QemuPackages } from './platforms.generated.js';

const DATA_PATH = repositoryPath('matrix/platforms.json');

/** Every platform of matrix/platforms.json, in its order. Throws `DATA_INVALID` on a broken file. */
export function loadPlatforms(path = DATA_PATH): readonly Platform[] {
  return readPlatformList(path).platforms;
}

/** Every kind of machine that is there and is not booted, of the same file. */
export function loadHardware(path = DATA_PATH): readonly Hardware[] {
  return readPlatformList(path).hardware;
}

/** The ids of both: every platform that a record or a known issue can name, hosts left open. */
export function platformNames(path = DATA_PATH): string[] {
  const { platforms, hardware } = readPlatformList(path);
  return [...platforms, ...hardware].map(({ id }) => id);
}

/** Where newer QEMUs come from, of the same file. */
export function loadQemuPackages(path = DATA_PATH): QemuPackages {
  return readPlatformList(path).qemuPackages;
}

function readPlatformList(path: string): PlatformList {
  return readDataFile(
    path,
    compileSchema<PlatformList>(repositoryPath('matrix/schema/platforms.schema.json')),
  );
}

/**
 * The platforms that any of `selectors` names: ids or globs, several in one separated by commas.
 * None at all selects the default platforms. `others` are names that are no platforms but stand
 * next to them, for the message. Throws the usage error `UNKNOWN_PLATFORM` for a
 * selector that matches nothing.
 */
export function selectPlatforms(
  selectors: readonly string[],
  platforms: readonly Platform[],
  others: readonly string[] = [],
): Platform[] {
  return selectors.length === 0
    ? platforms.filter((platform) => platform.isDefault)
    : selectByName('platform', selectors, platforms, ({ id }) => id, others);
}
