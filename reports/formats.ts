import type { Feed } from './feed.js';
import { writePage } from './write-page.js';

/** A form of the report. */
export interface ReportFormat {
  /** One line for `--help`. */
  readonly what: string;
  /** The file's name in the report's folder. */
  readonly file: string;
  /** The text of the file. */
  readonly write: (feed: Feed) => string | Promise<string>;
}

/** Every form that `sprmatrix report --format=NAME` writes, by its name. */
export const REPORT_FORMATS: Readonly<Record<string, ReportFormat>> = {
  html: {
    what: 'one self-contained page for people',
    file: 'index.html',
    write: writePage,
  },
  json: {
    what: 'the feed of matrix/schema/feed.schema.json, for other tools',
    file: 'feed.json',
    write: (feed) => `${JSON.stringify(feed)}\n`,
  },
};
