import { repositoryPath } from '../base/paths.js';
import { compileSchema, readDataFile } from '../base/schema.js';
import { selectByName } from '../base/selectors.js';
import type { Platform, PlatformList } from './platforms.generated.js';

export type { Platform } from './platforms.generated.js';

/** Every platform of matrix/platforms.json, in its order. Throws `DATA_INVALID` on a broken file. */
export function loadPlatforms(path = repositoryPath('matrix/platforms.json')): readonly Platform[] {
  const check = compileSchema<PlatformList>(repositoryPath('matrix/schema/platforms.schema.json'));
  return readDataFile(path, check).platforms;
}

/**
 * The platforms that any of `selectors` names: ids or globs, several in one separated by commas.
 * None at all selects the default platforms. Throws the usage error `UNKNOWN_PLATFORM` for a
 * selector that matches nothing.
 */
export function selectPlatforms(
  selectors: readonly string[],
  platforms: readonly Platform[],
): Platform[] {
  return selectors.length === 0
    ? platforms.filter((platform) => platform.isDefault)
    : selectByName('platform', selectors, platforms, ({ id }) => id);
}
