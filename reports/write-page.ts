import { readFile } from 'node:fs/promises';
import { SprmatrixError } from '../harness/base/error.js';
import { repositoryPath } from '../harness/base/paths.js';
import type { Feed } from './feed.js';

/** The element of the built page that the data goes into. */
const FEED_ELEMENT = '<script type="application/json" id="feed">';

const templatePath = (): string => repositoryPath('dist', 'report-page', 'index.html');

/**
 * The report's page: one file that needs nothing beside it. Errors: `PAGE_NOT_BUILT` when
 * `npm run build` has not made its frame.
 */
export async function writePage(feed: Feed): Promise<string> {
  const [before, after] = (await readTemplate()).split(FEED_ELEMENT);
  if (before === undefined || after === undefined) throw notBuilt();
  return [before, FEED_ELEMENT, scriptText(feed), after].join('');
}

/** JSON that cannot end the script element that it stands in, whatever its strings hold. */
export function scriptText(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
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
