import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readElfLayout } from './elf-layout.js';
import type { ElfLayout } from './elf-layout.js';
import { notAKernel } from './plain-image.js';

/** QEMU's powernv loads files of at most this (hw/ppc/pnv.c, KERNEL_MAX_SIZE), whatever is loaded of them. */
const LARGEST_FILE_BYTES = 128 * 2 ** 20;

/** What a kernel's code begins in, and the most of it (arch/powerpc/kernel/vmlinux.lds.S). */
const CODE = ['.head.text', '.text'];

/**
 * Throws `NOT_A_KERNEL` for an ELF file that a machine would be silent with: one that is cut off, or that
 * holds no code (what is left of a kernel when it is only for a debugger). `owner` names it.
 */
export async function requireBootable(path: string, owner: string): Promise<void> {
  const { size } = await stat(path);
  const layout = await layoutOf(path);
  const { segments, tableEnd } = layout;
  const whole = Math.max(tableEnd, endOfSegments(segments));
  if (size < whole) {
    throw notAKernel(
      owner,
      `it is cut off: ${size} of at least ${whole} bytes`,
      'copy or fetch it again, or wait until the linker has ended',
    );
  }
  if (segments.length === 0) throw notAKernel(owner, 'nothing of it is loaded (no PT_LOAD)');
  if (hasNoCode(layout)) {
    throw notAKernel(
      owner,
      'it is debug information without code',
      'take the vmlinux that it was split off from',
    );
  }
}

/**
 * The path of an image that every machine takes: itself, or, when it is larger than `limitBytes`, `copy`,
 * which is made of what is loaded of it: its sections (symbols, debug information) are left out. Errors:
 * `NOT_A_KERNEL` when that is too large yet.
 */
export async function fittingImage(
  path: string,
  copy: string,
  owner: string,
  limitBytes = LARGEST_FILE_BYTES,
): Promise<string> {
  if ((await stat(path)).size <= limitBytes) return path;
  const layout = await layoutOf(path);
  const end = endOfSegments(layout.segments);
  if (end > limitBytes) {
    throw notAKernel(
      owner,
      `${(end / 2 ** 20).toFixed(0)} MiB of it are loaded, and QEMU takes ${limitBytes / 2 ** 20} MiB`,
    );
  }
  await mkdir(dirname(copy), { recursive: true });
  const part = `${copy}.${process.pid}.part`;
  await pipeline(createReadStream(path, { end: end - 1 }), createWriteStream(part));
  const file = await open(part, 'r+');
  try {
    await forgetSections(file, layout);
  } finally {
    await file.close();
  }
  await rename(part, copy);
  return copy;
}

/**
 * Whether what is started lies in nothing of the file. A segment of a file for a debugger may yet have the notes that
 * objcopy leaves there, and only the sections say that the rest of it is not.
 */
function hasNoCode({ segments, sections, entry }: ElfLayout): boolean {
  const first = segments.find(
    ({ address, memoryBytes }) => entry >= address && entry < address + BigInt(memoryBytes),
  );
  if ((first ?? segments[0])?.fileBytes === 0) return true;
  return sections.some(({ name, bytes }) => CODE.includes(name) && bytes === 0);
}

function endOfSegments(segments: ElfLayout['segments']): number {
  return Math.max(0, ...segments.map(({ offset, fileBytes }) => offset + fileBytes));
}

async function layoutOf(path: string): Promise<ElfLayout> {
  const file = await open(path);
  try {
    return await readElfLayout(file);
  } finally {
    await file.close();
  }
}

/** Writes 0 for where the table of sections is, how many there are, and which of them has their names. */
async function forgetSections(
  file: Awaited<ReturnType<typeof open>>,
  { is64Bit }: ElfLayout,
): Promise<void> {
  const [offset, offsetBytes, count] = is64Bit ? [40, 8, 60] : [32, 4, 48];
  await file.write(Buffer.alloc(offsetBytes), 0, offsetBytes, offset);
  await file.write(Buffer.alloc(4), 0, 4, count);
  await file.sync();
}
