import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { SprmatrixError } from '../harness/base/error.js';
import { repositoryPath } from '../harness/base/paths.js';
import type { Feed } from './feed.js';

/** The element of the built page that the data goes into. */
const FEED_ELEMENT = '<script type="application/gzip;base64" id="feed">';

const templatePath = (): string => repositoryPath('dist', 'report-page', 'index.html');

/**
 * The report's page: one file that needs nothing next to it. Errors: `PAGE_NOT_BUILT` when
 * `npm run build` has not made its frame.
 */
export async function writePage(feed: Feed): Promise<string> {
  const [before, after] = (await readTemplate()).split(FEED_ELEMENT);
  if (before === undefined || after === undefined) throw notBuilt();
  return [before, FEED_ELEMENT, packedFeed(feed), after].join('');
}

/**
 * A feed as text of a script element: JSON as gzip as base64, which no string in it can end. 310 registers by
 * 300 cells are 4.7 MB of JSON and less than 1 MB of this.
 */
export function packedFeed(feed: Feed): string {
  return gzipSync(JSON.stringify(feed), { level: 9 }).toString('base64');
}

async function readTemplate(): Promise<string> {
  try {
    return await readFile(templatePath(), 'utf8');
  } catch (error) {
    throw notBuilt(error);
  }
}

function notBuilt(cause?: unknown): SprmatrixError {
  return new SprmatrixError({
    code: 'PAGE_NOT_BUILT',
    message: `${templatePath()}: the frame of the report's page is not built`,
    cause,
    hint: 'run: npm run build',
  });
}
