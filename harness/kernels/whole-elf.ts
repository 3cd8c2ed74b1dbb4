import { open } from 'node:fs/promises';
import { messageOf } from '../base/error.js';

const HEADER_BYTES = 64;
const ELF_MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const DATA_LITTLE = 1;
/** Where a 64-bit ELF header says where its two tables are, how large an entry is, and how many. */
const TABLES = [
  { offset: 32, entryBytes: 54, entries: 56 },
  { offset: 40, entryBytes: 58, entries: 60 },
];
/** Of an entry of the table of program headers: where its part of the file is, and how long. */
const SEGMENT = { offset: 8, bytes: 32, entryBytes: 56 };

/**
 * Why the ELF file at a path is not whole (yet), or undefined when it is: a linker or a copy that is
 * going on leaves it without a head, or shorter than its head says. What is no 64-bit ELF file at all is
 * whole: that it is no kernel is for `readKernelHeader` to say.
 */
export async function whatElfLacks(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const read = async (offset: number, bytes: number): Promise<Buffer> => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
        return buffer.subarray(0, bytesRead);
      };
      return await lacking(size, read);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' ? 'no such file' : messageOf(error);
  }
}

async function lacking(
  size: number,
  read: (offset: number, bytes: number) => Promise<Buffer>,
): Promise<string | undefined> {
  if (size === 0) return 'it is empty';
  const head = await read(0, HEADER_BYTES);
  if (head.every((byte) => byte === 0)) return 'its head is not written yet';
  if (head.length < HEADER_BYTES) return cutOff(size, HEADER_BYTES);
  if (head.readUInt32BE(0) !== ELF_MAGIC || head[4] !== CLASS_64) return undefined;
  const isLittle = head[5] === DATA_LITTLE;
  const word = (from: Buffer, at: number): number =>
    Number(isLittle ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
  const half = (from: Buffer, at: number): number =>
    isLittle ? from.readUInt16LE(at) : from.readUInt16BE(at);
  const [programs = 0, sections = 0] = TABLES.map(
    (table) => word(head, table.offset) + half(head, table.entryBytes) * half(head, table.entries),
  );
  if (size < Math.max(programs, sections)) return cutOff(size, Math.max(programs, sections));
  const first = word(head, 32);
  const segments = await read(first, Math.max(0, programs - first));
  const ends = Array.from(
    { length: Math.floor(segments.length / SEGMENT.entryBytes) },
    (_, index) => {
      const entry = segments.subarray(index * SEGMENT.entryBytes);
      return word(entry, SEGMENT.offset) + word(entry, SEGMENT.bytes);
    },
  );
  const whole = Math.max(0, ...ends);
  return size < whole ? cutOff(size, whole) : undefined;
}

function cutOff(size: number, whole: number): string {
  return `it is cut off: ${size} of at least ${whole} bytes`;
}
