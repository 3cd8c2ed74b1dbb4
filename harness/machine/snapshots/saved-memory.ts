import { open } from 'node:fs/promises';
import { abortedError } from '../../base/deadline.js';
import { startChecksum } from '../../base/checksum.js';
import type { SavedMemory } from './snapshot.generated.js';

/** Bytes of memory that are written and read at once. */
const PIECE_BYTES = 2 ** 20;

/**
 * Reads a machine's memory, most of which is a hole, and tells what is in it. Errors: those of
 * reading, `ABORTED`.
 */
export async function describeMemory(path: string, signal?: AbortSignal): Promise<SavedMemory> {
  const zeros = Buffer.alloc(PIECE_BYTES);
  const checksum = await startChecksum();
  const pieces: number[] = [];
  await using file = await openFile(path);
  const { size } = await file.handle.stat();
  for (let piece = 0; piece * PIECE_BYTES < size; piece += 1) {
    if (signal?.aborted === true) throw abortedError(path);
    const bytes = await file.read(piece);
    if (bytes.equals(zeros.subarray(0, bytes.length))) continue;
    pieces.push(piece);
    checksum.update(bytes);
  }
  return { bytes: size, pieces, checksum: checksum.text() };
}

/** Whether a memory is still what was described. Errors: those of reading, `ABORTED`. */
export async function isMemoryWhole(
  path: string,
  memory: SavedMemory,
  signal?: AbortSignal,
): Promise<boolean> {
  const checksum = await startChecksum();
  await using file = await openFile(path);
  if ((await file.handle.stat()).size !== memory.bytes) return false;
  for (const piece of memory.pieces) {
    if (signal?.aborted === true) throw abortedError(path);
    checksum.update(await file.read(piece));
  }
  return checksum.text() === memory.checksum;
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
