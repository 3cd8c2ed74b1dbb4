import { SprmatrixError } from '../../base/error.js';
import { repositoryPath } from '../../base/paths.js';
import { compileSchema, readDataFile } from '../../data/schema.js';
import type { PlatformMigrations, PlatformPair } from './migrations.generated.js';

export type { PlatformPair };

/**
 * The pairs of matrix/migrations.json, or of another file. Throws `DATA_INVALID` for a file that does
 * not follow its schema.
 */
export function loadPlatformPairs(
  path = repositoryPath('matrix', 'migrations.json'),
): readonly PlatformPair[] {
  const schema = repositoryPath('matrix', 'schema', 'migrations.schema.json');
  return readDataFile(path, compileSchema<PlatformMigrations>(schema)).pairs;
}

/**
 * Platforms in an order in which each comes after those that `pairs` lead to it from. Throws
 * `DATA_INVALID` where they form a circle: each cell is booted once, so its sources must be there first.
 */
export function inMigrationOrder(
  platforms: readonly string[],
  pairs: readonly PlatformPair[],
): string[] {
  const ordered: string[] = [];
  const left = new Set(platforms);
  while (left.size > 0) {
    const next = [...left].find(
      (platform) => !pairs.some(({ from, to }) => to === platform && left.has(from)),
    );
    if (next === undefined) {
      throw new SprmatrixError({
        code: 'DATA_INVALID',
        message: `matrix/migrations.json: its pairs form a circle: ${[...left].join(', ')}`,
      });
    }
    left.delete(next);
    ordered.push(next);
  }
  return ordered;
}
