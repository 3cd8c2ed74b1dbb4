import { execa } from 'execa';
import { describeError, SprmatrixError } from '../base/error.js';
import { repositoryRoot } from '../base/paths.js';
import {
  findProgram,
  installCommand,
  missingBigEndianPackages,
  missingPackages,
} from '../debian/requirements.js';
import { runTool } from '../base/tool.js';
import { withHeartbeat } from '../base/heartbeat.js';
import { missingBuildTools } from '../kernels/builds/build-tools.js';
import { kernelSources } from '../kernels/kernel-sources.js';
import { fetchQemu } from '../machine/newer-qemu.js';
import { loadQemuPackages } from '../machine/platforms.js';

export interface SetupOptions {
  /** Print only what is done, nothing when all is there. */
  readonly quiet?: boolean;
  /** Install what `npm run check` and all of `npm test` need too. */
  readonly development?: boolean;
  /** Install what building kernels from source needs. */
  readonly builds?: boolean;
  /** Fetch the newer QEMUs that some platforms need into the cache. */
  readonly newerQemu?: boolean;
  /** Install the compiler of the agent for big-endian kernels. */
  readonly bigEndian?: boolean;
  readonly mirror?: string | undefined;
}

/**
 * Makes this machine ready: installs Debian packages that are missing (as root; otherwise throws
 * `PACKAGES_MISSING` with the one command to run), and builds libsprsync and the agent (for
 * big-endian kernels too where its compiler is there). Newer QEMUs are fetched, never installed.
 */
export async function setUp(options: SetupOptions): Promise<void> {
  const missing = [
    ...(await missingPackages(options.development === true)),
    ...(options.bigEndian === true ? await missingBigEndianPackages() : []),
    ...(options.builds === true || options.development === true ? await missingForBuilds() : []),
  ];
  if (missing.length > 0) await install(missing);
  // npm hands its own flags to make through the environment, where they mean something else.
  await runTool('npm', ['run', '--silent', 'build:native'], { cwd: repositoryRoot });
  if (options.newerQemu === true) await fetchNewerQemus(options.mirror);
  if (options.quiet !== true) console.log('sprmatrix is set up: `npm start` shows what it does.');
}

/** Each suite's QEMU; one that cannot be had is told, and fails when there is no other. */
async function fetchNewerQemus(mirror: string | undefined): Promise<void> {
  const packages = loadQemuPackages();
  const failures: unknown[] = [];
  for (const suite of packages.suites) {
    try {
      const { path, version } = await fetchQemu(packages, suite, { mirror });
      console.log(`setup: QEMU ${version} of ${suite.suite}: ${path}`);
    } catch (error) {
      failures.push(error);
      console.error(`warning: no QEMU of ${suite.suite}: ${describeError(error)}`);
    }
  }
  if (failures.length === packages.suites.length) throw failures[0];
}

/** Debian packages that building any kernel of matrix/kernels.json needs and that are not there. */
async function missingForBuilds(): Promise<readonly string[]> {
  const compilers = kernelSources().builds.map(({ compiler }) => compiler);
  return (await missingBuildTools([...new Set(compilers)])).packages;
}

/** Installs Debian packages as root; otherwise throws `PACKAGES_MISSING` with the command to run. */
export async function install(packages: readonly string[]): Promise<void> {
  const command = installCommand(packages);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || (await findProgram('apt-get')) === undefined) {
    throw new SprmatrixError({
      code: 'PACKAGES_MISSING',
      message: `needed and not installed: ${packages.join(', ')}`,
      hint: `run: ${isRoot ? command : `sudo sh -c '${command}'`}`,
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
