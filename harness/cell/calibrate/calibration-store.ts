import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, writeFileAtomic } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import type { CellRecord } from '../../record/cell-record.js';
import { formatRecord } from '../../record/format-record.js';
import { parseRecord } from '../../record/parse-record.js';

/** A control's record under a QEMU, in the cache by the QEMU's content and the platform. */
export class CalibrationStore {
  readonly #folder: string;

  constructor(folder: string = join(cacheRoot(), 'calibrations')) {
    this.#folder = folder;
  }

  /** Runs `work` while no other run calibrates the same QEMU on the same platform. */
  async exclusively<T>(
    qemu: string,
    platform: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return withLock(this.#path(qemu, platform), work, { signal });
  }

  /** The record of the last calibration, or undefined: there is none, or it cannot be read any more. */
  async read(qemu: string, platform: string): Promise<CellRecord | undefined> {
    try {
      const path = this.#path(qemu, platform);
      return parseRecord(await readFile(path, 'utf8'), path);
    } catch {
      return undefined; // it is made again
    }
  }

  async write(qemu: string, platform: string, record: CellRecord): Promise<void> {
    await writeFileAtomic(this.#path(qemu, platform), formatRecord(record));
  }

  #path(qemu: string, platform: string): string {
    return join(this.#folder, `${platform}-${sha256(qemu).slice(0, 16)}.json`);
  }
}
