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

/** A kernel image: an ELF header and whatever texts a kernel would hold. */
export function fakeImage(texts: readonly string[], elf: FakeElf = {}): Buffer {
  const body = Buffer.from(texts.map((text) => `\0${text}\0`).join(''), 'latin1');
  return Buffer.concat([header({ type: ET_EXEC, ...elf }), body]);
}

/** A module that modinfo can read: its `.modinfo` section says what it depends on. */
export function fakeModule(depends: readonly string[] = []): Buffer {
  const info = Buffer.from(`license=GPL\0depends=${depends.join(',')}\0name=fake\0`, 'latin1');
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
