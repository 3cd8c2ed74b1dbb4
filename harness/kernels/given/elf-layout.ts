import type { FileHandle } from 'node:fs/promises';
import type { ByteOrder } from '../../base/byte-order.js';

/** A part of the file that is loaded. Offsets and sizes in bytes. */
export interface ElfSegment {
  readonly offset: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly address: bigint;
}

export interface ElfSection {
  readonly name: string;
  readonly offset: number;
  /** In the file: 0 of one that has no content there (SHT_NOBITS). */
  readonly bytes: number;
}

/** What the tables of an ELF file say (elf(5)), 32 or 64 bit, in its own byte order. */
export interface ElfLayout {
  readonly is64Bit: boolean;
  readonly byteOrder: ByteOrder;
  readonly entry: bigint;
  /** Where the table of segments ends, be it in the file or not. */
  readonly tableEnd: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
}

const CLASS_64 = 2;
const DATA_LITTLE = 1;
const SEGMENT_LOAD = 1;
const SECTION_NO_BITS = 8;
const TABLE_LIMIT_BYTES = 16 * 2 ** 20;

/** Where the fields are, by class: of the file's header, of a segment's entry, of a section's. */
const FIELDS = {
  32: {
    header: { bytes: 52, entry: 24, segments: 28, sections: 32, counts: 42 },
    segment: { bytes: 32, offset: 4, address: 8, fileBytes: 16, memoryBytes: 20 },
    section: { bytes: 40, type: 4, offset: 16, size: 20 },
  },
  64: {
    header: { bytes: 64, entry: 24, segments: 32, sections: 40, counts: 54 },
    segment: { bytes: 56, offset: 8, address: 16, fileBytes: 32, memoryBytes: 40 },
    section: { bytes: 64, type: 4, offset: 24, size: 32 },
  },
} as const;

/** Reads the tables of an open ELF file; what lies outside of the file is left out. */
export async function readElfLayout(file: FileHandle): Promise<ElfLayout> {
  const head = await bytesAt(file, 0, 64);
  const is64Bit = head[4] === CLASS_64;
  const isLittle = head[5] === DATA_LITTLE;
  const fields = FIELDS[is64Bit ? 64 : 32];
  const half = (from: Buffer, at: number): number =>
    isLittle ? from.readUInt16LE(at) : from.readUInt16BE(at);
  const int = (from: Buffer, at: number): number =>
    isLittle ? from.readUInt32LE(at) : from.readUInt32BE(at);
  const long = (from: Buffer, at: number): bigint =>
    isLittle ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at);
  const word = (from: Buffer, at: number): bigint =>
    is64Bit ? long(from, at) : BigInt(int(from, at));
  const number = (from: Buffer, at: number): number => Number(word(from, at));
  const padded = Buffer.concat([head, Buffer.alloc(64)]);
  const { counts } = fields.header;
  const table = async (offset: number, count: number, bytes: number): Promise<Buffer[]> => {
    const size = Math.min(count * bytes, TABLE_LIMIT_BYTES);
    const all = offset === 0 ? Buffer.alloc(0) : await bytesAt(file, offset, size);
    return Array.from({ length: Math.floor(all.length / bytes) }, (_, index) =>
      all.subarray(index * bytes, (index + 1) * bytes),
    );
  };
  const segmentsAt = number(padded, fields.header.segments);
  const segmentCount = half(padded, counts + 2);
  const segments = await table(segmentsAt, segmentCount, fields.segment.bytes);
  const sections = await table(
    number(padded, fields.header.sections),
    half(padded, counts + 6),
    fields.section.bytes,
  );
  const named = sections[half(padded, counts + 8)];
  const names =
    named === undefined
      ? Buffer.alloc(0)
      : await bytesAt(
          file,
          number(named, fields.section.offset),
          Math.min(number(named, fields.section.size), TABLE_LIMIT_BYTES),
        );
  return {
    ...{ is64Bit, byteOrder: isLittle ? 'little' : 'big' },
    entry: word(padded, fields.header.entry),
    tableEnd: segmentsAt + segmentCount * fields.segment.bytes,
    segments: segments
      .filter((entry) => int(entry, 0) === SEGMENT_LOAD)
      .map((entry) => ({
        offset: number(entry, fields.segment.offset),
        fileBytes: number(entry, fields.segment.fileBytes),
        memoryBytes: number(entry, fields.segment.memoryBytes),
        address: word(entry, fields.segment.address),
      })),
    sections: sections.map((entry) => ({
      name: textAt(names, int(entry, 0)),
      offset: number(entry, fields.section.offset),
      bytes:
        int(entry, fields.section.type) === SECTION_NO_BITS
          ? 0
          : number(entry, fields.section.size),
    })),
  };
}

/** Up to `size` bytes of a file: fewer where it ends. */
export async function bytesAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || offset < 0 || size <= 0) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}

function textAt(names: Buffer, at: number): string {
  if (at >= names.length) return '';
  const end = names.indexOf(0, at);
  return names.toString('latin1', at, end < 0 ? names.length : end);
}
