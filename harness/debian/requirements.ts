import { access } from 'node:fs/promises';
import { findProgram } from '../base/find-program.js';

/** A program that sprmatrix runs, and the Debian package that has it. */
export interface Requirement {
  readonly program: string;
  readonly package: string;
  /** What it is needed for, in a few words. */
  readonly why: string;
  /** Needed by `npm run check` only. */
  readonly isForDevelopment: boolean;
}

const run = (program: string, pkg: string, why: string): Requirement => ({
  program,
  package: pkg,
  why,
  isForDevelopment: false,
});

/** Everything outside npm that sprmatrix runs. */
export const REQUIREMENTS: readonly Requirement[] = [
  run('qemu-system-ppc64', 'qemu-system-ppc', 'boots the kernels under test'),
  run('gcc', 'gcc', 'builds libsprsync for this machine'),
  run('make', 'make', 'builds libsprsync and the agent'),
  run('powerpc64le-linux-gnu-gcc', 'gcc-powerpc64le-linux-gnu', 'builds the agent'),
  run('cpio', 'cpio', 'packs the initramfs'),
  run('xz', 'xz-utils', 'unpacks modules'),
  run('zstd', 'zstd', 'unpacks modules'),
  run('bsdtar', 'libarchive-tools', "reads users' packages and packed images"),
  run('setpriv', 'util-linux', 'ends QEMU with the harness'),
  run('apt-get', 'apt', "fetches Debian's kernels"),
  run('dpkg-deb', 'dpkg', "unpacks Debian's kernels"),
  { program: 'clang', package: 'clang', why: 'second compiler', isForDevelopment: true },
  { program: 'clang-format', package: 'clang-format', why: 'C layout', isForDevelopment: true },
  {
    program: 'chromium',
    package: 'chromium',
    why: 'opens the report in tests',
    isForDevelopment: true,
  },
  {
    program: 'rpmbuild',
    package: 'rpm',
    why: 'makes packages of kernels in tests',
    isForDevelopment: true,
  },
  { program: 'zsh', package: 'zsh', why: 'completes in tests', isForDevelopment: true },
  { program: 'fish', package: 'fish', why: 'completes in tests', isForDevelopment: true },
  { program: 'lz4', package: 'lz4', why: 'packs images in tests', isForDevelopment: true },
  { program: 'bzip2', package: 'bzip2', why: 'packs images in tests', isForDevelopment: true },
  {
    program: 'pkg-config',
    package: 'pkg-config',
    why: 'checks sprsync.pc',
    isForDevelopment: true,
  },
  { program: 'mandoc', package: 'mandoc', why: 'checks sprsync(3)', isForDevelopment: true },
  {
    program: 'dpkg-buildflags',
    package: 'dpkg-dev',
    why: "Debian's hardening",
    isForDevelopment: true,
  },
  { program: 'musl-gcc', package: 'musl-tools', why: 'second C library', isForDevelopment: true },
  { program: 'meson', package: 'meson', why: "libsprsync's other build", isForDevelopment: true },
  { program: 'valgrind', package: 'valgrind', why: 'memory errors', isForDevelopment: true },
  { program: 'qemu-ppc', package: 'qemu-user', why: 'runs ppc tests', isForDevelopment: true },
];

/** A file that no program stands for, and the Debian package that has it. */
export interface RequiredFile {
  readonly path: string;
  readonly package: string;
  /** What it is needed for, in a few words. */
  readonly why: string;
}

/** C libraries: a compiler only recommends them, and `--no-install-recommends` leaves them out. */
export const REQUIRED_FILES: readonly RequiredFile[] = [
  { path: '/usr/include/errno.h', package: 'libc6-dev', why: "this machine's C library" },
  {
    path: '/usr/powerpc64le-linux-gnu/lib/libc.a',
    package: 'libc6-dev-ppc64el-cross',
    why: "the agent's C library",
  },
];

/** What a run of big-endian kernels needs besides the rest. */
const BIG_ENDIAN: readonly (Requirement | RequiredFile)[] = [
  run('powerpc64-linux-gnu-gcc', 'gcc-powerpc64-linux-gnu', 'builds the big-endian agent'),
  {
    path: '/usr/powerpc64-linux-gnu/lib/libc.a',
    package: 'libc6-dev-ppc64-cross',
    why: "the big-endian agent's C library",
  },
];

/** Whether a file is there. */
export async function isFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Debian packages that are needed and not there, without repeats. */
export async function missingPackages(forDevelopment: boolean): Promise<string[]> {
  const wanted = REQUIREMENTS.filter((entry) => forDevelopment || !entry.isForDevelopment);
  const found = await Promise.all(wanted.map(async (entry) => findProgram(entry.program)));
  const missing = wanted.filter((_, index) => found[index] === undefined);
  const packages = missing.map((entry) => entry.package);
  for (const file of REQUIRED_FILES) if (!(await isFile(file.path))) packages.push(file.package);
  return [...new Set(packages)];
}

/** Debian packages that the big-endian agent needs and that are not there. */
export async function missingBigEndianPackages(): Promise<string[]> {
  const isThere = await Promise.all(
    BIG_ENDIAN.map(async (entry) =>
      'program' in entry ? (await findProgram(entry.program)) !== undefined : isFile(entry.path),
    ),
  );
  return BIG_ENDIAN.filter((_, index) => isThere[index] !== true).map((entry) => entry.package);
}

/** The one command that installs packages on Debian. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get update && apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
}
