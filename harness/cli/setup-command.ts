import { readFile } from 'node:fs/promises';
import { findProgram } from '../base/find-program.js';
import { execa } from 'execa';
import { describeError, SprmatrixError } from '../base/error.js';
import { repositoryPath, repositoryRoot } from '../base/paths.js';
import {
  installCommand,
  missingBigEndianPackages,
  missingPackages,
} from '../debian/requirements.js';
import { runTool } from '../base/tool.js';
import { withHeartbeat } from '../base/heartbeat.js';
import { missingBuildTools } from '../kernels/builds/build-tools.js';
import { kernelSources } from '../kernels/kernel-sources.js';
import { fetchQemu } from '../machine/newer-qemu.js';
import { askProgramsAgain } from '../machine/known-version.js';
import { loadQemuPackages } from '../machine/platforms.js';
import { findQemu } from '../machine/qemu-binary.js';
import { fetchRestoringQemu } from '../machine/restoring-qemu.js';

const QEMU_PACKAGE = 'qemu-system-ppc';

export interface SetupOptions {
  /** Print only what is done, nothing when all is there. */
  readonly quiet?: boolean;
  /** Install what `npm run check` and all of `npm test` need too. */
  readonly development?: boolean;
  /** Install what building kernels from source needs. */
  readonly builds?: boolean;
  /** Fetch the newer QEMUs that some platforms need into the cache: of one suite, or of each. */
  readonly newerQemu?: boolean | string;
  /** Install the compiler of the agent for big-endian kernels. */
  readonly bigEndian?: boolean;
  readonly mirror?: string | undefined;
}

/**
 * Makes this machine ready: installs Debian packages that are missing (as root; otherwise throws
 * `PACKAGES_MISSING` with the one command to run, before anything is downloaded), and builds libsprsync and
 * the agent (for big-endian kernels too where its compiler is there). Where this machine's QEMU restores no
 * machines, one that does is fetched into the cache, which needs no root; newer QEMUs are never installed.
 */
export async function setUp(options: SetupOptions): Promise<void> {
  if (options.quiet !== true) askProgramsAgain();
  const missing = await withHeartbeat('setup: what is installed', missingFor(options));
  const isQemuAlone = missing.length === 1 && missing[0] === QEMU_PACKAGE && !isRoot();
  if (missing.length > 0 && !isQemuAlone) await install(missing);
  await Promise.all([
    withHeartbeat('setup: libsprsync and the agent', buildNative()),
    fetchQemus(options),
  ]);
  if (options.quiet !== true)
    console.log('sprmatrix is set up: `npx sprmatrix run` records the default cells.');
}

/** `npm run build:native` by a shell: npm itself takes longer to start than make takes to see that all is built. */
async function buildNative(): Promise<void> {
  const { scripts } = JSON.parse(await readFile(repositoryPath('package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  await runTool('sh', ['-c', scripts['build:native'] ?? ''], { cwd: repositoryRoot });
}

/** The Debian packages that are needed and not installed. */
async function missingFor({ development, bigEndian, builds }: SetupOptions): Promise<string[]> {
  return [
    ...(await missingPackages(development === true)),
    ...(bigEndian === true ? await missingBigEndianPackages() : []),
    ...(builds === true || development === true ? await missingForBuilds() : []),
  ];
}

async function fetchQemus(options: SetupOptions): Promise<void> {
  if (options.newerQemu !== undefined && options.newerQemu !== false)
    await fetchNewerQemus(options);
  await fetchDefaultQemu(options);
}

/** The QEMU that the default cells use. Without it, this machine's own does, if there is one. */
async function fetchDefaultQemu({ mirror, quiet }: SetupOptions): Promise<void> {
  try {
    const fetching = fetchRestoringQemu({
      mirror,
      // `npm start` and `npm test` must not try in vain each time.
      isAskedAgain: quiet !== true,
      onFetch: (why) => {
        console.error(
          `setup: fetching a QEMU that restores machines into the cache (56 MB, once): ${why}`,
        );
      },
    });
    const qemu = await withHeartbeat('setup: QEMU', fetching);
    if (qemu !== undefined) console.log(`setup: QEMU ${qemu.version}: ${qemu.path}`);
  } catch (error) {
    const own = await findQemu().catch(() => undefined);
    if (own === undefined) await install([QEMU_PACKAGE]);
    console.error(
      `warning: no QEMU that restores machines, so that every machine boots: ${describeError(error)}`,
    );
  }
}

/** The QEMU of each suite, or of one; one that cannot be had is reported, and fails when there is no other. */
async function fetchNewerQemus({ newerQemu, mirror }: SetupOptions): Promise<void> {
  const packages = loadQemuPackages();
  const known = packages.suites.map(({ suite }) => suite);
  const wanted = packages.suites.filter(({ suite }) => newerQemu === true || suite === newerQemu);
  if (wanted.length === 0) {
    throw new SprmatrixError({
      code: 'UNKNOWN_SUITE',
      kind: 'usage',
      message: `no QEMU comes from the suite "${String(newerQemu)}"`,
      hint: `suites: ${known.join(', ')}`,
    });
  }
  const failures: unknown[] = [];
  for (const suite of wanted) {
    try {
      const { path, version } = await fetchQemu(packages, suite, { mirror });
      console.log(`setup: QEMU ${version} of ${suite.suite}: ${path}`);
    } catch (error) {
      failures.push(error);
      console.error(`warning: no QEMU of ${suite.suite}: ${describeError(error)}`);
    }
  }
  if (failures.length === wanted.length) throw failures[0];
}

/** Debian packages that building any kernel of matrix/kernels.json needs and that are not there. */
async function missingForBuilds(): Promise<readonly string[]> {
  const compilers = kernelSources().builds.map(({ compiler }) => compiler);
  return (await missingBuildTools([...new Set(compilers)])).packages;
}

/** Installs Debian packages as root; otherwise throws `PACKAGES_MISSING` with the command to run. */
export async function install(packages: readonly string[]): Promise<void> {
  const command = installCommand(packages);
  if (!isRoot() || (await findProgram('apt-get')) === undefined) {
    throw new SprmatrixError({
      code: 'PACKAGES_MISSING',
      message: `needed and not installed: ${packages.join(', ')}`,
      hint: `run: ${isRoot() ? command : `sudo sh -c '${command}'`}`,
    });
  }
  console.log(`setup: ${command}`);
  const { exitCode } = await withHeartbeat(
    'setup: apt-get',
    execa('sh', ['-c', command], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'inherit',
      reject: false,
    }),
  );
  if (exitCode !== 0) {
    throw new SprmatrixError({
      code: 'INSTALL_FAILED',
      message: `apt-get could not install ${packages.join(', ')} (exit ${String(exitCode)})`,
      hint: `run it by hand: ${command}`,
    });
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
