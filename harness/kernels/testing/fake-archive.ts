import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { sha256OfFile } from '../../base/files.js';
import { runTool } from '../../base/tool.js';
import type { PackageSource, SuiteIndex } from '../../debian/apt.js';
import type { DebianKernel, DebianPackage } from '../kernel-catalogue.generated.js';

/** Makes a .deb with those files (path -> content) and returns what an index would say of it. */
export async function makeDeb(
  folder: string,
  name: string,
  files: Readonly<Record<string, Buffer | string>>,
  version = '6.1.176-1',
): Promise<DebianPackage> {
  const root = join(folder, `${name}.root`);
  const sums: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    sums.push(`${createHash('md5').update(content).digest('hex')}  ${path}\n`);
  }
  await mkdir(join(root, 'DEBIAN'), { recursive: true });
  await writeFile(
    join(root, 'DEBIAN/control'),
    `Package: ${name}\nVersion: ${version}\nArchitecture: ppc64el\nMaintainer: T <t@example.org>\nDescription: test\n`,
  );
  await writeFile(join(root, 'DEBIAN/md5sums'), sums.join(''));
  const deb = join(folder, `${name}.deb`);
  await runTool('dpkg-deb', ['-Znone', '--root-owner-group', '--build', root, deb]);
  await rm(root, { recursive: true });
  return {
    name,
    version,
    filename: `pool/main/l/linux/${name}.deb`,
    size: 1000,
    sha256: await sha256OfFile(deb),
  };
}

/** A kernel of the catalogue that those packages make. */
export function debianKernel(packages: DebianPackage[], id = 'debian-6.1'): DebianKernel {
  return {
    id,
    line: '6.1',
    version: '6.1.176',
    variant: '',
    source: { kind: 'debian', suite: 'bookworm', packages, older: [] },
  };
}

/** An archive in memory: suites by name (a text, or why it cannot be read), packages as made by `makeDeb`. */
export class FakeArchive implements PackageSource {
  readonly suitesRead: string[] = [];
  readonly packagesFetched: string[] = [];
  suites: Record<string, string | SuiteIndex | Error> = {};
  /** Called in the middle of a download. */
  duringFetch: () => Promise<void> | void = () => undefined;

  constructor(private readonly folder = '/nowhere') {}

  async readSuite(suite: string): Promise<SuiteIndex> {
    this.suitesRead.push(suite);
    const answer = this.suites[suite];
    await Promise.resolve();
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw unreadable('404  Not Found');
    return typeof answer === 'string' ? { text: answer } : answer;
  }

  async fetchPackage(
    what: DebianPackage,
    _mirror: string,
    target: string,
    signal: AbortSignal | undefined,
    onBytes: (doneBytes: number) => void,
  ): Promise<void> {
    this.packagesFetched.push(what.name);
    onBytes(what.size / 2);
    await writeFile(target, 'half of a pack');
    await this.duringFetch();
    signal?.throwIfAborted();
    try {
      await copyFile(join(this.folder, `${what.name}.deb`), target);
    } catch (cause) {
      throw new SprmatrixError({
        code: 'DOWNLOAD_FAILED',
        message: `${what.name} ${what.version}: 404  Not Found`,
        cause,
      });
    }
    onBytes(what.size);
  }
}

/** What a source throws for a suite that cannot be read. */
export function unreadable(why: string): SprmatrixError {
  return new SprmatrixError({ code: 'SUITE_UNREADABLE', message: why });
}
