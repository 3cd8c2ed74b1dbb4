import { findProgram } from '../base/find-program.js';
import { freemem } from 'node:os';
import { access } from 'node:fs/promises';
import { ExitCode, messageOf } from '../base/error.js';
import { cacheRoom, NEEDED_CACHE_MIB } from '../base/cache-room.js';
import { cacheRoot, repositoryPath } from '../base/paths.js';
import {
  installCommand,
  isFile,
  missingPackages,
  REQUIRED_FILES,
  REQUIREMENTS,
} from '../debian/requirements.js';
import { loadCatalogue } from '../kernels/catalogue.js';
import { agentPath } from '../machine/agent-binary.js';
import { availableQemus } from '../machine/available-qemus.js';
import { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import { askProgramsAgain } from '../machine/known-version.js';
import { loadPlatforms } from '../machine/platforms.js';
import { isNewEnough, requireQemuVersion } from '../machine/qemu-binary.js';
import { EXPECTED_VERSION, library, libraryPath } from '../sync/library.js';

interface Finding {
  readonly what: string;
  readonly found: string;
  readonly isGood: boolean;
}

/** A cell's machine has 1 GiB, of which a boot touches about half. */
const NEEDED_MEMORY_MIB = 1024;

/**
 * `sprmatrix doctor`: what this machine has of what is needed, and how to get the rest. Returns 3
 * when something is missing.
 */
export async function doctorCommand(options: {
  mirror?: string | undefined;
  json: boolean;
}): Promise<ExitCode> {
  askProgramsAgain();
  const findings = [
    ...(await programFindings()),
    ...(await fileFindings()),
    await finding('QEMU version', qemuFinding),
    await finding('libsprsync', () => {
      library(); // throws when it is not there, or of another version
      return Promise.resolve(`${shown(libraryPath())} ${EXPECTED_VERSION}`);
    }),
    await finding('agent', async () => {
      const path = agentPath('little');
      await access(path);
      return shown(path);
    }),
    await finding('Debian kernels', async () => {
      const { kernels, warnings } = await loadCatalogue(options);
      const lacks = warnings.map((warning) => `; ${warning}`).join('');
      return `${kernels.map(({ id }) => id).join(', ')}${lacks}`;
    }),
    {
      what: 'free memory',
      found: `${Math.round(freemem() / 2 ** 20)} MiB (a cell takes up to ${NEEDED_MEMORY_MIB})`,
      isGood: freemem() / 2 ** 20 >= NEEDED_MEMORY_MIB,
    },
    await cacheFinding(),
  ];
  const isAllGood = findings.every(({ isGood }) => isGood);
  const exitCode = isAllGood ? ExitCode.ok : ExitCode.harness;
  if (options.json) {
    console.log(JSON.stringify(findings, null, 2));
    return exitCode;
  }
  for (const { what, found, isGood } of findings) {
    console.log(`${isGood ? 'ok     ' : 'MISSING'} ${what}: ${found}`);
  }
  const packages = await missingPackages(false);
  if (packages.length > 0) console.log(`\nTo get what is missing: ${installCommand(packages)}`);
  if (!isAllGood) console.log('\n`npm run setup` installs and builds everything.');
  return exitCode;
}

/** Whether the cache takes what the default cells need: what is there already is theirs as well. */
async function cacheFinding(): Promise<Finding> {
  const what = 'cache';
  try {
    const room = await cacheRoom();
    const isFilled = (await new SnapshotStore().names()).size > 0;
    return {
      what,
      found: `${cacheRoot()}, ${room} MiB free (a first run takes up to ${NEEDED_CACHE_MIB})`,
      isGood: room >= NEEDED_CACHE_MIB || (isFilled && room >= NEEDED_CACHE_MIB / 10),
    };
  } catch (error) {
    return { what, found: messageOf(error), isGood: false };
  }
}

const shown = (path: string): string => path.replace(repositoryPath(), '.');

async function programFindings(): Promise<Finding[]> {
  return Promise.all(
    REQUIREMENTS.filter((entry) => !entry.isForDevelopment).map(async (entry) => {
      const path = await findProgram(entry.program);
      return {
        what: `${entry.program} (${entry.why})`,
        found: path ?? `Debian's package ${entry.package} has it`,
        isGood: path !== undefined,
      };
    }),
  );
}

async function fileFindings(): Promise<Finding[]> {
  return Promise.all(
    REQUIRED_FILES.map(async ({ path, package: name, why }) => {
      const isGood = await isFile(path);
      return {
        what: `${path} (${why})`,
        found: isGood ? 'there' : `Debian's package ${name} has it`,
        isGood,
      };
    }),
  );
}

/** The QEMUs that are there. Throws for a default platform without one; others are named. */
async function qemuFinding(): Promise<string> {
  const qemus = await availableQemus();
  const lacking = loadPlatforms().filter(
    (platform) => !qemus.some((qemu) => isNewEnough(qemu, platform.qemu)),
  );
  for (const platform of lacking.filter(({ isDefault }) => isDefault)) {
    for (const qemu of qemus) {
      requireQemuVersion(qemu, platform.qemu, `platform ${platform.id}`);
    }
  }
  const found = qemus.map(({ path, version }) => `${path} ${version}`).join(', ');
  if (lacking.length === 0) return found;
  const names = lacking.map(({ id }) => id).join(', ');
  return `${found}; too old for ${names}: \`npm run setup -- --newer-qemu\` fetches newer ones`;
}

async function finding(what: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, found: await look(), isGood: true };
  } catch (error) {
    return { what, found: messageOf(error), isGood: false };
  }
}
