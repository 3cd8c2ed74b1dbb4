/** What a file is, by its first bytes: its name tells nothing. */
export type FileFormat =
  | { readonly kind: 'elf' }
  /** One file, packed; `name` is the packer. */
  | { readonly kind: 'packed'; readonly name: string }
  /** Files in one: `form` says how its members are read. */
  | { readonly kind: 'archive'; readonly form: 'deb' | 'rpm' | 'archive'; readonly name: string }
  /** Nothing that a kernel can be in; `hint` says what to do instead. */
  | { readonly kind: 'foreign'; readonly name: string; readonly hint?: string }
  | { readonly kind: 'unknown' };

/** How many bytes of a file `formatOf` looks at. */
export const FORMAT_BYTES = 1024;

interface Magic {
  readonly at: number;
  readonly bytes: string;
  readonly format: FileFormat;
}

const packed = (bytes: string, name: string): Magic => ({
  ...{ at: 0, bytes },
  format: { kind: 'packed', name },
});
const archive = (bytes: string, name: string, at = 0): Magic => ({
  ...{ at, bytes },
  format: { kind: 'archive', form: 'archive', name },
});
const foreign = (bytes: string, name: string, hint?: string, at = 0): Magic => ({
  ...{ at, bytes },
  format: { kind: 'foreign', name, ...(hint === undefined ? {} : { hint }) },
});

const OTHER_ARCHITECTURE = 'take the kernel of a ppc64 or ppc64le system';
const DISK = 'take /boot/vmlinux-* and /lib/modules out of it, or unpack it and give the folder';

/**
 * From the more to the less certain: Documentation/arch/x86/boot.rst (HdrS), arm64/booting.rst,
 * riscv/boot-image-header.rst, rpm's lead, deb(5), tar(5), cpio(5), git-lfs's pointer file.
 */
const MAGICS: readonly Magic[] = [
  { at: 0, bytes: '\x7fELF', format: { kind: 'elf' } },
  {
    ...{ at: 0, bytes: '!<arch>\ndebian-binary' },
    format: { kind: 'archive', form: 'deb', name: 'a Debian package' },
  },
  {
    ...{ at: 0, bytes: '\xed\xab\xee\xdb' },
    format: { kind: 'archive', form: 'rpm', name: 'an rpm package' },
  },
  packed('\x1f\x8b', 'gzip'),
  packed('\xfd7zXZ\0', 'xz'),
  packed('\x28\xb5\x2f\xfd', 'zstd'),
  packed('BZh', 'bzip2'),
  packed('\x04\x22\x4d\x18', 'lz4'),
  packed('\x02\x21\x4c\x18', 'lz4 (legacy frames)'),
  packed('\x5d\0\0', 'lzma'),
  packed('\x89LZO\0', 'lzop'),
  foreign('HdrS', 'an x86 bzImage', OTHER_ARCHITECTURE, 0x202),
  foreign('ARMd', 'an arm64 Image', OTHER_ARCHITECTURE, 56),
  foreign('RSC\x05', 'a RISC-V Image', OTHER_ARCHITECTURE, 56),
  foreign('\x18\x28\x6f\x01', 'an arm zImage', OTHER_ARCHITECTURE, 0x24),
  foreign('MZ', 'an EFI program', 'ppc64 has no EFI: take /boot/vmlinux-* of a ppc64 system'),
  foreign(
    '\x27\x05\x19\x56',
    'a U-Boot image (uImage)',
    'it holds no ELF file: take the vmlinux that it was made of',
  ),
  foreign(
    '\xd0\x0d\xfe\xed',
    'a device tree or a FIT image',
    'take the vmlinux that it was made of',
  ),
  foreign(
    'version https://git-lfs.github.com/spec/',
    'a Git LFS pointer',
    '`git lfs pull` fetches the file that it stands for',
  ),
  foreign('!<arch>\n', 'a static library (ar)'),
  foreign('hsqs', 'a squashfs image', DISK),
  foreign('QFI\xfb', 'a qcow2 disk image', DISK),
  archive('ustar', 'a tar archive', 257),
  archive('PK\x03\x04', 'a zip archive'),
  archive('7z\xbc\xaf\x27\x1c', 'a 7z archive'),
  archive('070701', 'a cpio archive'),
  archive('070702', 'a cpio archive'),
];

const PAGE = /^\s*(?:<!doctype html|<html|<head|<\?xml[^>]*>\s*<html)/i;
const NOT_TEXT = /[^\t\n\r\x20-\x7e\x80-\xff]/;

/** What a file that begins with `head` (up to `FORMAT_BYTES`) is. */
export function formatOf(head: Buffer): FileFormat {
  const found = MAGICS.find(
    ({ at, bytes }) => head.toString('latin1', at, at + bytes.length) === bytes,
  );
  if (found !== undefined) return found.format;
  const text = head.toString('latin1');
  if (PAGE.test(text)) {
    return {
      ...{ kind: 'foreign', name: 'an HTML page' },
      hint: 'a server answers with a page where there is no such file, or asks to log in: take the address of the file itself',
    };
  }
  if (text.length > 0 && !NOT_TEXT.test(text)) return { kind: 'foreign', name: 'a text file' };
  return { kind: 'unknown' };
}
