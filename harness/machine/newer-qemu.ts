import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import type { WrittenFile } from '../base/checksum.js';
import { checksumOfFile, isAsWritten } from '../base/checksum.js';
import { sha256OfFile } from '../base/files.js';
import { withLock } from '../base/lock.js';
import { cacheRoot } from '../base/paths.js';
import { runTool } from '../base/tool.js';
import { findMirror } from '../debian/mirror.js';
import { resolvePackages } from '../debian/package-closure.js';
import type { QemuPackages } from './platforms.js';
import type { QemuBinary } from './qemu-binary.js';
import { rememberVersionText } from './qemu-binary.js';

const QEMU = 'usr/bin/qemu-system-ppc64';
const LAUNCHER = 'qemu-system-ppc64';
export const CHECKSUMS = 'SHA256SUMS.json';
const LOADER = 'lib/loader';
/** What a ppc64 machine without a display boots from. */
const FIRMWARE = ['skiboot.lid', 'vof.bin'];

/** QEMU on the dynamic loader and the libraries that it was built with, whatever the machine has. */
const LAUNCHER_TEXT = `#!/bin/sh
here=\${0%/*}
exec "$here/${LOADER}" --argv0 ${LAUNCHER} --library-path "$here/lib" "$here/bin/${LAUNCHER}" -L "$here/share" "$@"
`;

export interface FetchQemuOptions {
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Instead of `cacheRoot()`. */
  readonly cacheFolder?: string | undefined;
}

/**
 * Fetches a suite's QEMU into the cache and returns it: the package and all that it depends on down
 * to the C library, by an apt of our own that verifies them, unpacked without being installed.
 * Neither the machine's apt nor its packages are touched. What is there already is kept.
 * Errors: those of the tools, `KEYRING_MISSING`, `QEMU_PACKAGE_INVALID`.
 */
export async function fetchQemu(
  packages: QemuPackages,
  { suite, base }: QemuPackages['suites'][number],
  options: FetchQemuOptions = {},
): Promise<QemuBinary> {
  const root = qemuFolder(options.cacheFolder);
  return withLock(
    join(root, suite),
    async (signal) => {
      const staging = join(root, `.${suite}.part`);
      await rm(staging, { recursive: true, force: true }); // of a run that was killed
      try {
        const closure = await resolvePackages(
          join(staging, 'apt'),
          {
            ...packages,
            architecture: (await runTool('dpkg', ['--print-architecture'], { signal })).trim(),
            mirror: await findMirror(options.mirror, { signal }),
            suite,
            base,
            packages: [packages.package],
          },
          signal,
        );
        const folder = join(root, `${suite}-${closure.hash}`);
        const known = await readEntry(folder);
        if (known !== undefined) return known;
        const unpacked = join(staging, 'unpacked');
        await closure.unpack(unpacked);
        const entry = join(staging, 'entry');
        await stageEntry(suite, unpacked, entry, signal);
        await rm(folder, { recursive: true, force: true }); // damaged
        await rename(entry, folder);
        const qemu = await readEntry(folder);
        if (qemu === undefined) throw invalid(suite, 'it is not what was written');
        return qemu;
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    },
    { signal: options.signal },
  );
}

/** The QEMUs that were fetched, of each suite the newest, as their entries say; see `isWhole`. */
export async function fetchedQemus(cacheFolder?: string): Promise<QemuBinary[]> {
  const root = qemuFolder(cacheFolder);
  const names = (await readdir(root).catch(() => [])).filter((name) =>
    /^[a-z].*-[0-9a-f]{16}$/.test(name),
  );
  const entries = await Promise.all(
    names.map(async (name): Promise<QemuBinary | undefined> => {
      const checksums = await readChecksums(join(root, name));
      if (checksums === undefined) return undefined;
      const path = join(root, name, LAUNCHER);
      if (checksums.text !== undefined) rememberVersionText(path, checksums.text);
      return { path, version: checksums.version };
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** Whether every file of a fetched QEMU is what was written; reads all of them. */
export async function isWhole({ path }: QemuBinary): Promise<boolean> {
  return (await readEntry(dirname(path))) !== undefined;
}

const qemuFolder = (cacheFolder = cacheRoot()): string => join(cacheFolder, 'qemu');

/** Copies what QEMU needs of `unpacked` to `entry`: no links, nothing that another package needs. */
async function stageEntry(
  suite: string,
  unpacked: string,
  entry: string,
  signal: AbortSignal,
): Promise<void> {
  for (const folder of ['bin', 'lib', 'share'])
    await mkdir(join(entry, folder), { recursive: true });
  const copies: [from: string, to: string][] = [
    [join(unpacked, QEMU), `bin/${LAUNCHER}`],
    ...FIRMWARE.map((name): [string, string] => [
      join(unpacked, 'usr/share/qemu', name),
      `share/${name}`,
    ]),
  ];
  const { loader, libraries } = await findLibraries(suite, unpacked, signal);
  copies.push([loader, LOADER]);
  for (const library of libraries) copies.push([library, `lib/${basename(library)}`]);
  for (const [from, to] of copies) await copyFile(from, join(entry, to));
  await writeFile(join(entry, LAUNCHER), LAUNCHER_TEXT, { mode: 0o755 });
  const files = [...copies.map(([, to]) => to), LAUNCHER];
  const output = await runTool(join(entry, LAUNCHER), ['--version'], { signal });
  const version = /version (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) throw invalid(suite, 'it says no version');
  const sums = await Promise.all(
    files.map(async (path) => ({
      path,
      sha256: await sha256OfFile(join(entry, path)),
      checksum: await checksumOfFile(join(entry, path)),
    })),
  );
  const content: Checksums = { version, text: output, files: sums };
  await writeFile(join(entry, CHECKSUMS), `${JSON.stringify(content, null, 1)}\n`);
}

/** The dynamic loader that QEMU names, and the libraries that it finds: all inside `unpacked`. */
async function findLibraries(
  suite: string,
  unpacked: string,
  signal: AbortSignal,
): Promise<{ loader: string; libraries: string[] }> {
  // Debian 12 has /lib and /usr/lib in packages; later ones have /usr/lib alone.
  const inside = (path: string): string | undefined =>
    [join(unpacked, path), join(unpacked, 'usr', path)].find((it) => existsSync(it));
  // The name of the loader stands near the start of an executable.
  const start = (await readFile(join(unpacked, QEMU))).subarray(0, 4096).toString('latin1');
  const named = /\/lib[0-9]*\/ld[\w.-]+/.exec(start)?.[0];
  const loader = named === undefined ? undefined : inside(named);
  if (loader === undefined) throw invalid(suite, 'the dynamic loader is not in the packages');
  const parents = ['lib', 'usr/lib'].filter((parent) => existsSync(join(unpacked, parent)));
  const folders = parents.flatMap((parent) =>
    readdirSync(join(unpacked, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-gnu'))
      .map(({ name }) => join(unpacked, parent, name)),
  );
  const list = ['--library-path', folders.join(':'), '--list', join(unpacked, QEMU)];
  const output = await runTool(loader, list, { signal });
  const libraries = [...output.matchAll(/=> (\/\S+)/g)].flatMap(([, path]) => path ?? []);
  const foreign = libraries.find((path) => !path.startsWith(unpacked));
  if (foreign !== undefined || output.includes('not found')) {
    throw invalid(suite, `a library is not in the packages: ${foreign ?? output}`);
  }
  return { loader, libraries: libraries.filter((path) => basename(path) !== basename(loader)) };
}

/** What is in an entry, as it was when it was made. */
interface Checksums {
  readonly version: string;
  /** What it says of its version; entries that were made earlier do not have it. */
  readonly text?: string;
  readonly files: readonly WrittenFile[];
}

async function readChecksums(folder: string): Promise<Checksums | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, CHECKSUMS), 'utf8')) as Checksums;
  } catch {
    return undefined; // no entry, or a part of one
  }
}

/** The QEMU of a whole cache entry, or undefined when there is none or it is damaged. */
async function readEntry(folder: string): Promise<QemuBinary | undefined> {
  const checksums = await readChecksums(folder);
  if (checksums === undefined) return undefined;
  const sums = await Promise.all(
    checksums.files.map(async (file) =>
      isAsWritten(join(folder, file.path), file).catch(() => false),
    ),
  );
  return sums.every(Boolean)
    ? { path: join(folder, LAUNCHER), version: checksums.version }
    : undefined;
}

function invalid(suite: string, why: string): SprmatrixError {
  return new SprmatrixError({
    code: 'QEMU_PACKAGE_INVALID',
    message: `${suite}: its QEMU cannot be used: ${why}`,
  });
}
