import { execa } from 'execa';
import { SprmatrixError } from '../base/error.js';
import { repositoryRoot } from '../base/paths.js';
import { findProgram, installCommand, missingPackages } from '../base/requirements.js';
import { runTool } from '../base/tool.js';

export interface SetupOptions {
  /** Print only what is done, nothing when all is there. */
  readonly quiet?: boolean;
  /** Install what `npm run check` needs too. */
  readonly development?: boolean;
}

/**
 * Makes this machine ready: installs Debian packages that are missing (as root; otherwise throws
 * `PACKAGES_MISSING` with the one command to run), and builds libsprsync and the agent.
 */
export async function setUp(options: SetupOptions): Promise<void> {
  const missing = await missingPackages(options.development === true);
  if (missing.length > 0) await install(missing);
  // npm hands its own flags to make through the environment, where they mean something else.
  await runTool('npm', ['run', '--silent', 'build:native'], { cwd: repositoryRoot });
  if (options.quiet !== true) console.log('sprmatrix is set up: `npm start` shows what it does.');
}

async function install(packages: readonly string[]): Promise<void> {
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
  const { exitCode } = await execa('sh', ['-c', command], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) {
    throw new SprmatrixError({
      code: 'INSTALL_FAILED',
      message: `apt-get could not install ${packages.join(', ')} (exit ${String(exitCode)})`,
      hint: `run it by hand: ${command}`,
    });
  }
}
