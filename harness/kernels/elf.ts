import { open } from 'node:fs/promises';
import { SprmatrixError } from '../base/error.js';
import type { ByteOrder } from '../base/byte-order.js';

/** e_machine values that a person is likely to hand over by mistake, and ours. */
const MACHINES = new Map([
  [3, 'x86 (32 bit)'],
  [8, 'MIPS'],
  [20, 'PowerPC (32 bit)'],
  [21, 'PowerPC (64 bit)'],
  [22, 's390'],
  [40, 'ARM (32 bit)'],
  [43, 'SPARC (64 bit)'],
  [62, 'x86-64'],
  [183, 'ARM (64 bit)'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
]);
const EM_PPC64 = 21;
const ELF_MAGIC = '\x7fELF';
const HEADER_BYTES = 20;
const TYPE_EXECUTABLE = 2;
const TYPE_SHARED = 3;

/** What the head of a kernel image says. */
export interface ElfHeader {
  readonly byteOrder: ByteOrder;
}

/**
 * Reads the ELF header of a ppc64 kernel image. Errors, all of them about `owner`: `KERNEL_MISSING`,
 * `NOT_A_KERNEL` (no ELF, or one that cannot be booted, like an object file), `WRONG_ARCHITECTURE`.
 */
export async function readKernelHeader(path: string, owner = path): Promise<ElfHeader> {
  const head = await readHead(path);
  if (head.toString('latin1', 0, 4) !== ELF_MAGIC) {
    throw notAKernelImage(owner, `it is not an ELF file (it begins with ${shownBytes(head)})`);
  }
  if (head.length < HEADER_BYTES) {
    throw notAKernelImage(owner, `it is cut off: ${head.length} bytes of an ELF file`);
  }
  const is64Bit = head[4] === 2;
  const isLittle = head[5] === 1;
  const field = (offset: number): number =>
    isLittle ? head.readUInt16LE(offset) : head.readUInt16BE(offset);
  const [type, machine] = [field(16), field(18)];
  if (machine !== EM_PPC64 || !is64Bit) {
    throw new SprmatrixError({
      code: 'WRONG_ARCHITECTURE',
      kind: 'usage',
      message: `${owner} is built for ${MACHINES.get(machine) ?? `ELF machine ${machine}`}, not for PowerPC (64 bit)`,
      hint: 'build it with ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu-',
    });
  }
  if (type !== TYPE_EXECUTABLE && type !== TYPE_SHARED) {
    throw notAKernelImage(
      owner,
      'it is an ELF file that cannot be started (an object file or a core)',
    );
  }
  return { byteOrder: isLittle ? 'little' : 'big' };
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') throw notAKernelImage(path, 'it is a folder');
    throw new SprmatrixError({
      code: 'KERNEL_MISSING',
      kind: 'usage',
      message:
        code === 'ENOENT' ? `${path}: no such file` : `${path} cannot be read (${String(code)})`,
      cause: error,
    });
  }
}

function notAKernelImage(path: string, why: string): SprmatrixError {
  return new SprmatrixError({
    code: 'NOT_A_KERNEL',
    kind: 'usage',
    message: `${path} is not a kernel: ${why}`,
    hint: 'a kernel is the vmlinux of a build tree, or /boot/vmlinux-* of a ppc64 system',
  });
}

function shownBytes(head: Buffer): string {
  return head.length === 0 ? 'nothing, it is empty' : [...head.subarray(0, 4)].map(hex).join(' ');
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
