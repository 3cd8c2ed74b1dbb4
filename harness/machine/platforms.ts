import { readFileSync } from 'node:fs';
import picomatch from 'picomatch';
import { unknownName } from '../base/nearest.js';
import { repositoryPath } from '../base/paths.js';
import { compileSchema } from '../base/schema.js';
import type { Platform, PlatformList } from './platforms.generated.js';

export type { Platform } from './platforms.generated.js';

/** Every platform of matrix/platforms.json, in its order. Throws `DATA_INVALID` on a broken file. */
export function loadPlatforms(path = repositoryPath('matrix/platforms.json')): readonly Platform[] {
  const check = compileSchema<PlatformList>(repositoryPath('matrix/schema/platforms.schema.json'));
  return check(JSON.parse(readFileSync(path, 'utf8')), path).platforms;
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
  const wanted = selectors.flatMap((selector) => selector.split(',')).filter((text) => text !== '');
  if (wanted.length === 0) return platforms.filter((platform) => platform.isDefault);
  const matchers = wanted.map((selector) => {
    const isMatch = picomatch(selector);
    if (!platforms.some((platform) => isMatch(platform.id))) {
      throw unknownName(
        'platform',
        selector,
        platforms.map((platform) => platform.id),
      );
    }
    return isMatch;
  });
  return platforms.filter((platform) => matchers.some((isMatch) => isMatch(platform.id)));
}
