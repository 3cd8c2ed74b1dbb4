import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/**
 * Writes `data` to `path` so that a reader sees the old file or the whole new one, never a part:
 * a temporary file next to it is written, synced and renamed. It is removed on any failure.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The lower-case hex SHA-256 of a file's content. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await readPieces(path, (bytes) => hash.update(bytes));
  return hash.digest('hex');
}

/** What is read at once, and how often in a row before others have their turn. */
const piece = Buffer.allocUnsafeSlow(1 << 18);
const PIECES_IN_A_ROW = 8;

/**
 * Gives all of a file to `take`, piece by piece, each in the same memory as the last one. Whole images are read before
 * each run, and are in the page cache: a thread that reads them for this one takes twice the time. Errors: those of
 * reading.
 */
export async function readPieces(path: string, take: (piece: Buffer) => unknown): Promise<void> {
  const file = openSync(path, 'r');
  try {
    for (let pieces = 1; ; pieces += 1) {
      const size = readSync(file, piece);
      if (size === 0) return;
      take(piece.subarray(0, size));
      if (pieces % PIECES_IN_A_ROW === 0) await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}

/** The lower-case hex SHA-256 of a text or buffer. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
