import { join } from 'node:path';
import { kernelBadges } from '../../reports/badge.js';
import { loadFeed } from '../../reports/load-feed.js';
import { writeFileAtomic } from '../base/files.js';

export interface BadgeOptions {
  /** A folder of records instead of the baselines. */
  readonly records?: string | undefined;
  /** The folder that gets the images. */
  readonly output: string;
}

/** `sprmatrix badge`: writes an SVG for each kernel and returns their paths. Errors: of `loadFeed`. */
export async function badgeCommand({ records, output }: BadgeOptions): Promise<string[]> {
  const paths: string[] = [];
  for (const { file, svg } of kernelBadges(await loadFeed({ records }))) {
    const path = join(output, file);
    await writeFileAtomic(path, svg);
    paths.push(path);
  }
  return paths;
}
