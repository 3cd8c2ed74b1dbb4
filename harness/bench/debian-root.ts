import { cp, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { findMirror } from '../debian/mirror.js';
import { resolvePackages } from '../debian/package-closure.js';
import type { DebianSource } from '../kernels/kernel-catalogue.generated.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { kernelSources } from '../kernels/kernel-sources.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';

export interface DebianRootOptions {
  /** For everything that is made. */
  readonly folder: string;
  readonly mirror: string | undefined;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const SUITE = 'bookworm';
/** Packages still have files in both places, of which one is a link to the other. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];

/**
 * Unpacks packages of Debian's stable release for ppc64el into `root`, with all that they depend on;
 * none is configured. Errors: those of `resolvePackages`, `findMirror` and the tools.
 */
export async function unpackDebianRoot(
  root: string,
  packages: readonly string[],
  { folder, mirror, signal }: DebianRootOptions,
): Promise<void> {
  const closure = await resolvePackages(
    join(folder, `${basename(root)}-apt`),
    {
      ...kernelSources().debian,
      mirror: await findMirror(mirror, { signal }),
      suite: SUITE,
      base: [],
      packages,
    },
    signal,
  );
  await closure.unpack(root);
  for (const name of MERGED) {
    await cp(join(root, name), join(root, 'usr', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await rm(join(root, name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  for (const name of ['passwd', 'group']) {
    await cp(join(root, `usr/share/base-passwd/${name}.master`), join(root, 'etc', name));
  }
}

/** The packages of a kernel of Debian's, as it was prepared. Errors: `NO_DEBIAN_KERNEL`. */
export function releaseOf(
  { id, source }: KernelEntry,
  kernel: PreparedKernel,
): Pick<DebianSource, 'packages' | 'suite'> & { readonly source: DebianSource } {
  const releases = source.kind === 'debian' ? [source, ...source.older] : [];
  const release = releases.find(({ packages }) => packages[0]?.version === kernel.package?.version);
  if (source.kind !== 'debian' || release === undefined) {
    const message = `${id}: what is booted next to a cell needs a kernel of Debian's`;
    throw new SprmatrixError({ code: 'NO_DEBIAN_KERNEL', kind: 'usage', message });
  }
  const { packages, suite } = release;
  return { packages, suite, source };
}
