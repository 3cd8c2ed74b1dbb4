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

/**
 * The lower-case hex SHA-256 of a file's content. One piece is read while another is hashed, always into the
 * same memory: a stream, which takes new memory for each, needs twice the time.
 */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    let [ahead, other] = [Buffer.allocUnsafe(HASHED_AT_ONCE), Buffer.allocUnsafe(HASHED_AT_ONCE)];
    let reading = file.read(ahead, 0, HASHED_AT_ONCE);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return hash.digest('hex');
      const piece = ahead.subarray(0, bytesRead);
      [ahead, other] = [other, ahead];
      reading = file.read(ahead, 0, HASHED_AT_ONCE);
      hash.update(piece);
    }
  } finally {
    await file.close();
  }
}

/** The lower-case hex SHA-256 of a text or buffer. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
