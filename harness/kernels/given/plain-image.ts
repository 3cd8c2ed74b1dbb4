import { mkdir, open, rename, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SprmatrixError } from '../../base/error.js';
import { sha256OfFile } from '../../base/files.js';
import { bytesAt, readElfLayout } from './elf-layout.js';
import type { ElfSection } from './elf-layout.js';
import { FORMAT_BYTES, formatOf } from './file-format.js';
import type { FileFormat } from './file-format.js';
import { UNPACK_LIMITS } from './unpack-limits.js';
import { unpackedHead, unpackStream } from './unpack-stream.js';

export interface PlainImageOptions {
  /** What the image is, for messages: the path as it was given. */
  readonly owner: string;
  /** Where what is unpacked lies; it is made. */
  readonly folder: string;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** How a wrapper's section with the kernel is called (arch/powerpc/boot/wrapper: `.kernel:vmlinux.strip`). */
const WRAPPED = '.kernel:vmlinux';
/** An image in a wrapper in a packed file is three. */
const MOST_LAYERS = 6;

/**
 * The path of the ELF kernel that is in a file: the file itself, or what is left when its packing and its
 * boot wrapper are taken off, layer by layer. Errors: `KERNEL_MISSING`, `NOT_A_KERNEL` with what the file
 * is instead, `UNPACK_LIMIT`, `ARCHIVE_BROKEN`.
 */
export async function plainImage(path: string, options: PlainImageOptions): Promise<string> {
  let at = path;
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const inner = await takeLayer(at, layer, options);
    if (inner === undefined) return layer === 0 ? path : await nameByContent(at, options.folder);
    if (layer > 0) await rm(at);
    at = inner;
  }
  throw notAKernel(options.owner, `it is packed more than ${MOST_LAYERS} times over`);
}

/** The format of the file at a path. Errors: `KERNEL_MISSING`. */
async function formatOfFile(path: string): Promise<FileFormat> {
  return withFile(path, async (file) => formatOf(await bytesAt(file, 0, FORMAT_BYTES)));
}

/** The archive that the file at a path is, packed or not; undefined when it is none. Errors: `KERNEL_MISSING`. */
export async function archiveForm(path: string): Promise<'deb' | 'rpm' | 'archive' | undefined> {
  const format = await formatOfFile(path);
  if (format.kind === 'archive') return format.form;
  if (format.kind !== 'packed') return undefined;
  const inner = formatOf(await unpackedHead(path, FORMAT_BYTES));
  return inner.kind === 'archive' ? inner.form : undefined;
}

/** The path of what is in the file, or undefined when it is an ELF file that holds no other. */
async function takeLayer(
  path: string,
  layer: number,
  options: PlainImageOptions,
): Promise<string | undefined> {
  const { owner, folder, signal, limitBytes = UNPACK_LIMITS.fileBytes } = options;
  const format = await formatOfFile(path);
  const target = join(folder, `layer-${process.pid}-${layer}`);
  switch (format.kind) {
    case 'elf': {
      const wrapped = await wrappedKernel(path);
      if (wrapped === undefined) return undefined;
      await mkdir(folder, { recursive: true });
      const { offset, bytes } = wrapped;
      await pipeline(
        createReadStream(path, { start: offset, end: offset + bytes - 1 }),
        createWriteStream(target),
        { signal },
      );
      return target;
    }
    case 'packed':
      await mkdir(folder, { recursive: true });
      await unpackStream([['bsdcat', [path]]], target, { owner, limitBytes, signal });
      return target;
    case 'archive':
      throw notAKernel(owner, `it holds ${format.name}, and no image`);
    case 'foreign':
      throw notAKernel(owner, `it is ${format.name}`, format.hint);
    case 'unknown': {
      const head = await withFile(path, async (file) => bytesAt(file, 0, 4));
      throw notAKernel(owner, `it is no format that is known (${shownBytes(head)})`);
    }
  }
}

async function wrappedKernel(path: string): Promise<ElfSection | undefined> {
  return withFile(path, async (file) => {
    const { sections } = await readElfLayout(file);
    return sections.find(({ name, bytes }) => bytes > 0 && name.startsWith(WRAPPED));
  });
}

async function nameByContent(path: string, folder: string): Promise<string> {
  const named = join(folder, `vmlinux-${await sha256OfFile(path)}`);
  await rename(path, named);
  return named;
}

async function withFile<T>(
  path: string,
  use: (file: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
  try {
    const file = await open(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw error;
    throw new SprmatrixError({
      code: 'KERNEL_MISSING',
      kind: 'usage',
      message: code === 'ENOENT' ? `${path}: no such file` : `${path} cannot be read (${code})`,
      cause: error,
    });
  }
}

/** The error for a file that holds no kernel. */
export function notAKernel(owner: string, why: string, hint?: string): SprmatrixError {
  return new SprmatrixError({
    code: 'NOT_A_KERNEL',
    kind: 'usage',
    message: `${owner} is not a kernel: ${why}`,
    hint:
      hint ??
      'a kernel is an image (vmlinux, vmlinuz, zImage; packed or not), a package of one (.deb, .rpm, tar), an unpacked root or a kernel tree: docs/kernels.md',
  });
}

function shownBytes(head: Buffer): string {
  const bytes = [...head].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  return bytes.length === 0 ? 'it is empty' : `it begins with ${bytes.join(' ')}`;
}
