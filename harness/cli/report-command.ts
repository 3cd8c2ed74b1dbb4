import { join } from 'node:path';
import { writeFileAtomic } from '../base/files.js';
import { unknownName } from '../base/nearest.js';
import type { ReportFormat } from '../../reports/formats.js';
import { REPORT_FORMATS } from '../../reports/formats.js';
import { loadFeed } from '../../reports/load-feed.js';

export interface ReportOptions {
  /** A name of `REPORT_FORMATS`. */
  readonly format: string;
  /** The file to write; `-` is standard output, and by default it is the format's own. */
  readonly output?: string | undefined;
  /** A folder of records instead of the baselines. */
  readonly records?: string | undefined;
  /** Next to the records, show the baselines of the other cells. */
  readonly withBaselines: boolean;
}

/**
 * `sprmatrix report`: writes a report and returns where: undefined for standard output. Errors:
 * `UNKNOWN_FORMAT`, and those of `loadFeed`.
 */
export async function reportCommand(options: ReportOptions): Promise<string | undefined> {
  const format = reportFormat(options.format);
  const text = await format.write(await loadFeed(options));
  if (options.output === '-') {
    await writeToStandardOutput(text);
    return undefined;
  }
  const path = options.output ?? join('reports', 'out', format.file);
  await writeFileAtomic(path, text);
  return path;
}

function reportFormat(name: string): ReportFormat {
  const format = Object.hasOwn(REPORT_FORMATS, name) ? REPORT_FORMATS[name] : undefined;
  if (format === undefined) throw unknownName('format', name, Object.keys(REPORT_FORMATS));
  return format;
}

/** Waits until the text has left, so that a pipe gets all of it; a reader that went away is no error. */
async function writeToStandardOutput(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onEnd = (error?: NodeJS.ErrnoException | null): void => {
      if (error === undefined || error === null || error.code === 'EPIPE') resolve();
      else reject(error);
    };
    process.stdout.once('error', onEnd);
    process.stdout.write(text, onEnd);
  });
}
