import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { abortedError } from '../../base/deadline.js';
import type { SavedMemory } from './snapshot.generated.js';

const PIECE_BYTES = 2 ** 20;

/**
 * Reads a machine's memory, most of which is a hole, and tells what is in it. Errors: those of
 * reading, `ABORTED`.
 */
export async function describeMemory(path: string, signal?: AbortSignal): Promise<SavedMemory> {
  const zeros = Buffer.alloc(PIECE_BYTES);
  const hash = createHash('sha256');
  const pieces: number[] = [];
  await using file = await openFile(path);
  const { size } = await file.handle.stat();
  for (let piece = 0; piece * PIECE_BYTES < size; piece += 1) {
    if (signal?.aborted === true) throw abortedError(path);
    const bytes = await file.read(piece);
    if (bytes.equals(zeros.subarray(0, bytes.length))) continue;
    pieces.push(piece);
    hash.update(bytes);
  }
  return { bytes: size, pieces, sha256: hash.digest('hex') };
}

/** Whether a memory is still what was described. Errors: those of reading, `ABORTED`. */
export async function isMemoryWhole(
  path: string,
  memory: SavedMemory,
  signal?: AbortSignal,
): Promise<boolean> {
  const hash = createHash('sha256');
  await using file = await openFile(path);
  if ((await file.handle.stat()).size !== memory.bytes) return false;
  for (const piece of memory.pieces) {
    if (signal?.aborted === true) throw abortedError(path);
    hash.update(await file.read(piece));
  }
  return hash.digest('hex') === memory.sha256;
}

/** A file that is read in pieces; what `read` returns holds until the next call. */
async function openFile(path: string): Promise<
  AsyncDisposable & {
    readonly handle: Awaited<ReturnType<typeof open>>;
    readonly read: (piece: number) => Promise<Buffer>;
  }
> {
  const handle = await open(path);
  const buffer = Buffer.alloc(PIECE_BYTES);
  return {
    handle,
    read: async (piece) => {
      const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, piece * PIECE_BYTES);
      return buffer.subarray(0, bytesRead);
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
    },
  };
}
