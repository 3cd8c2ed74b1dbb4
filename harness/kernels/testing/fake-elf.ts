/** What an ELF file made for a test says of itself. */
export interface FakeElf {
  readonly type?: number;
  readonly machine?: number;
  readonly is64Bit?: boolean;
  readonly isLittle?: boolean;
}

const ET_REL = 1;
const ET_EXEC = 2;
const EM_PPC64 = 21;
const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const SEGMENT_BYTES = 56;
const PT_LOAD = 1;
const SHT_NOBITS = 8;
const HEADER_BYTES_32 = 52;
const SECTION_BYTES_32 = 40;

/** Texts of an image that has KVM and the channel's drivers built in. */
export const BUILT_IN: readonly string[] = ['kvm.halt_poll_ns', 'virtio-pci', 'virtio_console'];

/** A kernel image: an ELF header, one segment, and in it whatever texts a kernel would hold. */
export function fakeImage(texts: readonly string[], elf: FakeElf = {}): Buffer {
  const body = Buffer.from(texts.map((text) => `\0${text}\0`).join(''), 'latin1');
  return Buffer.concat([...loaded(body.length, elf), body]);
}

/** The header of an ELF file and the one entry that says that all behind it is loaded. */
function loaded(bodyBytes: number, elf: FakeElf): Buffer[] {
  const isLittle = elf.isLittle ?? true;
  const start = header({ type: ET_EXEC, ...elf });
  const segment = Buffer.alloc(SEGMENT_BYTES);
  const half = (to: Buffer, value: number, at: number): number =>
    isLittle ? to.writeUInt16LE(value, at) : to.writeUInt16BE(value, at);
  const word = (to: Buffer, value: number, at: number): number =>
    isLittle ? to.writeBigUInt64LE(BigInt(value), at) : to.writeBigUInt64BE(BigInt(value), at);
  word(start, HEADER_BYTES, 32);
  half(start, SEGMENT_BYTES, 54);
  half(start, 1, 56);
  if (isLittle) segment.writeUInt32LE(PT_LOAD, 0);
  else segment.writeUInt32BE(PT_LOAD, 0);
  word(segment, HEADER_BYTES + SEGMENT_BYTES, 8);
  word(segment, bodyBytes, 32);
  word(segment, bodyBytes, 40);
  return [start, segment];
}

/** What `objcopy --only-keep-debug` leaves of an image: its segment and a `.text` that has no content there. */
export function fakeDebugFile(image: Buffer): Buffer {
  const names = Buffer.from('\0.text\0.shstrtab\0', 'latin1');
  const bytes = Buffer.concat([
    ...[image, names, Buffer.alloc(SECTION_BYTES)],
    section(1, SHT_NOBITS, HEADER_BYTES, image.length),
    section(7, 3, image.length, names.length),
  ]);
  bytes.writeBigUInt64LE(BigInt(image.length + names.length), 40);
  bytes.writeUInt16LE(SECTION_BYTES, 58);
  bytes.writeUInt16LE(3, 60);
  bytes.writeUInt16LE(2, 62);
  return bytes;
}

/** A boot wrapper (zImage.pseries): a 32-bit big-endian ELF file with a packed kernel as one of its sections. */
export function fakeWrapper(packed: Buffer): Buffer {
  const names = Buffer.from('\0.kernel:vmlinux.strip\0.shstrtab\0', 'latin1');
  const start = header({ machine: 20, is64Bit: false, isLittle: false }).subarray(
    0,
    HEADER_BYTES_32,
  );
  start.writeUInt32BE(HEADER_BYTES_32 + packed.length + names.length, 32);
  start.writeUInt16BE(SECTION_BYTES_32, 46);
  start.writeUInt16BE(3, 48);
  start.writeUInt16BE(2, 50);
  const entry = (name: number, type: number, offset: number, size: number): Buffer => {
    const bytes = Buffer.alloc(SECTION_BYTES_32);
    bytes.writeUInt32BE(name, 0);
    bytes.writeUInt32BE(type, 4);
    bytes.writeUInt32BE(offset, 16);
    bytes.writeUInt32BE(size, 20);
    return bytes;
  };
  return Buffer.concat([
    ...[start, packed, names, Buffer.alloc(SECTION_BYTES_32)],
    entry(1, 1, HEADER_BYTES_32, packed.length),
    entry(23, 3, HEADER_BYTES_32 + packed.length, names.length),
  ]);
}

/** A module: its `.modinfo` section says what it depends on, and which release it was built for. */
export function fakeModule(depends: readonly string[] = [], release = '6.12.95-test'): Buffer {
  const info = Buffer.from(
    `license=GPL\0depends=${depends.join(',')}\0name=fake\0vermagic=${release} SMP mod_unload \0`,
    'latin1',
  );
  const names = Buffer.from('\0.modinfo\0.shstrtab\0', 'latin1');
  const sections = HEADER_BYTES + info.length + names.length;
  const start = header({ type: ET_REL });
  start.writeBigUInt64LE(BigInt(sections), 40);
  start.writeUInt16LE(SECTION_BYTES, 58);
  start.writeUInt16LE(3, 60);
  start.writeUInt16LE(2, 62);
  return Buffer.concat([
    start,
    info,
    names,
    Buffer.alloc(SECTION_BYTES),
    section(1, 1, HEADER_BYTES, info.length),
    section(10, 3, HEADER_BYTES + info.length, names.length),
  ]);
}

function header({
  type = ET_EXEC,
  machine = EM_PPC64,
  is64Bit = true,
  isLittle = true,
}: FakeElf): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('\x7fELF', 'latin1');
  bytes.writeUInt8(is64Bit ? 2 : 1, 4);
  bytes.writeUInt8(isLittle ? 1 : 2, 5);
  bytes.writeUInt8(1, 6);
  const write = (value: number, offset: number): number =>
    isLittle ? bytes.writeUInt16LE(value, offset) : bytes.writeUInt16BE(value, offset);
  write(type, 16);
  write(machine, 18);
  write(HEADER_BYTES, 52);
  return bytes;
}

function section(name: number, type: number, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(SECTION_BYTES);
  bytes.writeUInt32LE(name, 0);
  bytes.writeUInt32LE(type, 4);
  bytes.writeBigUInt64LE(BigInt(offset), 24);
  bytes.writeBigUInt64LE(BigInt(size), 32);
  bytes.writeBigUInt64LE(1n, 48);
  return bytes;
}
