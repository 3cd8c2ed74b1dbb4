import type { Feed } from './feed.js';

/** A form of the report. */
export interface ReportFormat {
  /** One line for `--help`. */
  readonly what: string;
  /** The file's name in the report's folder. */
  readonly file: string;
  /** The text of the file. */
  readonly write: (feed: Feed) => string | Promise<string>;
}

/** Every form that `sprmatrix report --format=NAME` writes, by its name. Each loads its own code. */
export const REPORT_FORMATS: Readonly<Record<string, ReportFormat>> = {
  html: {
    what: 'one self-contained page for people',
    file: 'index.html',
    write: async (feed) => (await import('./write-page.js')).writePage(feed),
  },
  json: {
    what: 'the feed of matrix/schema/feed.schema.json, for other tools',
    file: 'feed.json',
    write: (feed) => `${JSON.stringify(feed)}\n`,
  },
  markdown: {
    what: "what deviates, is lost and is new, for a pull request's comment or a job's summary",
    file: 'report.md',
    write: async (feed) => (await import('./markdown/markdown.js')).writeMarkdown(feed),
  },
  csv: {
    what: 'a line for each register and hostile check of each cell, for spreadsheets',
    file: 'report.csv',
    write: async (feed) => (await import('./csv.js')).writeCsv(feed),
  },
  junit: {
    what: 'a test for each register and hostile check of each cell, for Jenkins and GitLab',
    file: 'junit.xml',
    write: async (feed) => (await import('./junit.js')).writeJunit(feed),
  },
  kcidb: {
    what: "KernelCI's database: builds, tests, known issues and incidents (version 5.3)",
    file: 'kcidb.json',
    write: async (feed) => (await import('./kcidb.js')).writeKcidb(feed),
  },
  ktap: {
    what: "the kernel's own test format, a test for each register of each cell",
    file: 'ktap.txt',
    write: async (feed) => (await import('./ktap.js')).writeKtap(feed),
  },
};
