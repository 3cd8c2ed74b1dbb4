import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { runPipe } from '../../base/tool.js';
import { bytesAt } from './elf-layout.js';
import { FORMAT_BYTES, formatOf } from './file-format.js';
import { brokenArchive, LIBARCHIVE } from './unpack-stream.js';

/** What a package says of itself. */
export interface PackageIdentity {
  readonly name: string;
  /** With the release of an rpm: "6.12.95-1.fc99". */
  readonly version: string;
  readonly architecture: string;
}

/** Names of the processor in Debian's and in rpm's world, and of packages that are for every one. */
const ARCHITECTURES = ['ppc64el', 'ppc64', 'powerpc', 'ppc64le', 'ppc64p7', 'ppc', 'all', 'noarch'];

/** rpm's tags (rpmtag.h) of texts. */
const TAGS = { name: 1000, version: 1001, release: 1002, architecture: 1022 };
const LEAD_BYTES = 96;
const HEADER_MAGIC = 0x8eade801;
const HEADER_LIMIT_BYTES = 64 * 2 ** 20;

/** Packages that have nothing that is booted, whatever the kernel. */
const IRRELEVANT =
  /(?:^|-)(?:dbg|dbgsym|debug(?:info|source)?|headers|devel|doc|tools|source|selftests|uki)(?:-|$)/;
/** The ends of names that share a kernel: kernel-64k-core and kernel-64k-modules. */
const PARTS = /-(?:core|modules|modules-core|modules-extra|modules-partner|base|extra)$/;

/** Reads a package's own description. Errors: `WRONG_ARCHITECTURE`, `ARCHIVE_BROKEN`. */
export async function readPackageIdentity(
  path: string,
  form: 'deb' | 'rpm',
  signal?: AbortSignal,
): Promise<PackageIdentity> {
  const identity = form === 'deb' ? await readControl(path, signal) : await readRpmHeader(path);
  if (ARCHITECTURES.includes(identity.architecture)) return identity;
  throw new SprmatrixError({
    code: 'WRONG_ARCHITECTURE',
    kind: 'usage',
    message: `${path} is a package for ${identity.architecture}, not for PowerPC (64 bit)`,
    hint: 'take the package for ppc64el (Debian) or ppc64le (rpm)',
  });
}

/**
 * Packages in the folder of `path` that are other parts of the same kernel, as their descriptions say: of the
 * same version, and of the release or flavour in its name.
 */
export async function packagesBeside(
  path: string,
  form: 'deb' | 'rpm',
  identity: PackageIdentity,
  signal?: AbortSignal,
): Promise<string[]> {
  const folder = dirname(path);
  const found: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const other = join(folder, name);
    if (name === basename(path) || !name.endsWith(`.${form}`)) continue;
    if ((await formOf(other)) !== form) continue;
    const its = await readPackageIdentity(other, form, signal).catch(() => undefined); // of no use here
    if (
      its?.version === identity.version &&
      its.name !== identity.name &&
      !IRRELEVANT.test(its.name) &&
      familyOf(its.name) === familyOf(identity.name)
    ) {
      found.push(other);
    }
  }
  return found;
}

/** What parts of one kernel have in common in their names: a release (Debian) or a flavour (rpm). */
function familyOf(name: string): string {
  const release = /^linux-(?:image|binary|modules|base|modules-extra)-(\d.*?)(?:-unsigned)?$/.exec(
    name,
  );
  return release?.[1] ?? name.replace(PARTS, '');
}

async function formOf(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const format = formatOf(await bytesAt(file, 0, FORMAT_BYTES));
    return format.kind === 'archive' ? format.form : undefined;
  } finally {
    await file.close();
  }
}

async function readControl(
  path: string,
  signal: AbortSignal | undefined,
): Promise<PackageIdentity> {
  const text = await runPipe(
    ['bsdtar', ['-xOf', path, 'control.tar*']],
    ['bsdtar', ['-xOf', '-', '*control']],
    { signal, hint: LIBARCHIVE },
  ).catch((error: unknown) => {
    const isTools = error instanceof SprmatrixError && error.code === 'TOOL_FAILED';
    throw isTools ? brokenArchive(path, error.evidence) : error;
  });
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return {
    name: field('Package'),
    version: field('Version'),
    architecture: field('Architecture'),
  };
}

async function readRpmHeader(path: string): Promise<PackageIdentity> {
  const file = await open(path);
  try {
    const signature = await headerAt(file, LEAD_BYTES, path);
    // The signature is padded to 8 bytes.
    const { texts } = await headerAt(file, Math.ceil(signature.end / 8) * 8, path);
    const text = (tag: number): string => texts.get(tag) ?? '';
    return {
      name: text(TAGS.name),
      version: `${text(TAGS.version)}-${text(TAGS.release)}`,
      architecture: text(TAGS.architecture),
    };
  } finally {
    await file.close();
  }
}

/** The texts of a header structure by tag, and where it ends. */
async function headerAt(
  file: Awaited<ReturnType<typeof open>>,
  offset: number,
  path: string,
): Promise<{ end: number; texts: Map<number, string> }> {
  const head = await bytesAt(file, offset, 16);
  if (head.length < 16 || head.readUInt32BE(0) !== HEADER_MAGIC) {
    throw brokenArchive(path, ['its header is not there']);
  }
  const [entries, bytes] = [head.readUInt32BE(8), head.readUInt32BE(12)];
  const size = entries * 16 + bytes;
  if (size > HEADER_LIMIT_BYTES) throw brokenArchive(path, [`its header says ${size} bytes`]);
  const body = await bytesAt(file, offset + 16, size);
  if (body.length < size) throw brokenArchive(path, ['its header is cut off']);
  const texts = new Map<number, string>();
  for (let entry = 0; entry < entries; entry += 1) {
    const [tag, type] = [body.readUInt32BE(entry * 16), body.readUInt32BE(entry * 16 + 4)];
    const start = entries * 16 + body.readUInt32BE(entry * 16 + 8);
    const end = body.indexOf(0, start);
    // Type 6 is a text.
    if (type === 6 && end >= start) texts.set(tag, body.toString('utf8', start, end));
  }
  return { end: offset + 16 + size, texts };
}
