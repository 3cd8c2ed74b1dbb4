import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

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

/** Bytes: images are tens of megabytes, and each piece is a trip through a thread. */
const HASHED_AT_ONCE = 1 << 18;

/** The lower-case hex SHA-256 of a file's content. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await readPieces(path, HASHED_AT_ONCE, (piece) => hash.update(piece));
  return hash.digest('hex');
}

/**
 * Gives all of a file to `take`, piece by piece. One is read while another is taken, always into the same
 * memory: a stream, which takes new memory for each, needs twice the time.
 */
export async function readPieces(
  path: string,
  size: number,
  take: (piece: Buffer) => unknown,
): Promise<void> {
  const file = await open(path);
  try {
    let [ahead, other] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
    let reading = file.read(ahead, 0, size);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      const piece = ahead.subarray(0, bytesRead);
      [ahead, other] = [other, ahead];
      reading = file.read(ahead, 0, size);
      take(piece);
    }
  } finally {
    await file.close();
  }
}

/** The lower-case hex SHA-256 of a text or buffer. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
