import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { runPipe, runTool } from '../base/tool.js';
import { MIRROR_HINT } from './mirror.js';
import type { PackageFile } from './package-index.js';
import { preparePrivateApt } from './private-apt.js';

const APT_HELPER = '/usr/lib/apt/apt-helper';
const PROGRESS_INTERVAL_MS = 250;

/** Keeps the stanzas of kernel packages: an index holds 60 MB of others. */
const KEEP_KERNELS = 'BEGIN { RS = ""; ORS = "\\n\\n" } /^Package: linux-[a-z]+-[0-9]/';

/** A part of Debian's archive, and the keys that its indexes must be signed with. */
export interface Archive {
  /** Debian's name of it: `ppc64el`. */
  readonly architecture: string;
  readonly component: string;
  readonly keyring: string;
}

/** What a suite's index says, and why it may be an old one. */
export interface SuiteIndex {
  /** Stanzas of a Debian `Packages` index. */
  readonly text: string;
  /** Why the suite could not be read again, when `text` is of an earlier time. */
  readonly outdated?: string;
}

/** Where the catalogue's indexes and packages come from; tests have one of their own. */
export interface PackageSource {
  readSuite(suite: string, mirror: string, signal: AbortSignal | undefined): Promise<SuiteIndex>;
  /** Writes a verified package to `target`; `onBytes` gets how much is there. */
  fetchPackage(
    what: PackageFile,
    mirror: string,
    target: string,
    signal: AbortSignal | undefined,
    onBytes: (doneBytes: number) => void,
  ): Promise<void>;
}

/**
 * The machine's own apt with state and cache of its own in `folder`, for another architecture.
 * Nothing of the machine's apt is changed, and none of its hooks runs.
 */
export class AptSource implements PackageSource {
  constructor(
    private readonly folder: string,
    private readonly archive: Archive,
  ) {}

  async readSuite(
    suite: string,
    mirror: string,
    signal: AbortSignal | undefined,
  ): Promise<SuiteIndex> {
    const options = await preparePrivateApt(join(this.folder, suite), {
      ...this.archive,
      mirror,
      suites: [suite],
    });
    let outdated: string | undefined;
    try {
      await runTool('apt-get', [...options, '--allow-releaseinfo-change', 'update'], {
        signal,
        hint: MIRROR_HINT,
      });
    } catch (error) {
      if (!isToolFailure(error)) throw error;
      outdated = aptReason(error);
    }
    const targets = await runTool(
      'apt-get',
      [...options, 'indextargets', '--format', '$(FILENAME)', 'Identifier: Packages'],
      { signal },
    );
    const index = targets.split('\n').find((path) => path !== '' && existsSync(path));
    if (index === undefined) {
      throw new SprmatrixError({
        code: 'SUITE_UNREADABLE',
        message: outdated ?? 'apt fetched no index',
      });
    }
    const text = await runPipe([APT_HELPER, ['cat-file', index]], ['awk', [KEEP_KERNELS]], {
      signal,
    });
    return outdated === undefined ? { text } : { text, outdated };
  }

  async fetchPackage(
    what: PackageFile,
    mirror: string,
    target: string,
    signal: AbortSignal | undefined,
    onBytes: (doneBytes: number) => void,
  ): Promise<void> {
    const timer = setInterval(() => {
      stat(target).then(
        (now) => {
          onBytes(Math.min(now.size, what.size));
        },
        () => undefined, // not there yet
      );
    }, PROGRESS_INTERVAL_MS);
    try {
      const download = [
        'download-file',
        `${mirror}${what.filename}`,
        target,
        `SHA256:${what.sha256}`,
      ];
      // A download takes long: it ends with this process, whatever kills that.
      await runTool(
        'setpriv',
        ['--pdeathsig', 'KILL', '--', APT_HELPER, '-o', 'Acquire::Retries=3', ...download],
        { signal },
      );
    } catch (error) {
      if (!isToolFailure(error)) throw error;
      throw new SprmatrixError({
        code: 'DOWNLOAD_FAILED',
        message: `${what.name} ${what.version}: ${aptReason(error)}`,
        evidence: error.evidence,
        cause: error,
        hint: 'the mirror may have a newer one by now: `sprmatrix list kernels --refresh`',
      });
    } finally {
      clearInterval(timer);
    }
    onBytes(what.size);
  }
}

function isToolFailure(error: unknown): error is SprmatrixError {
  return error instanceof SprmatrixError && error.code === 'TOOL_FAILED';
}

/** apt's own first error, without the address that it failed to fetch. */
export function aptReason(error: SprmatrixError): string {
  const line = error.evidence.find((it) => it.startsWith('E: ')) ?? error.message;
  return line
    .replace(/^E: /, '')
    .replace(/^Failed to fetch \S+ +/, '')
    .replace(/ *\[IP: [^\]]*\]$/, '');
}
