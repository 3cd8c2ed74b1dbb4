import { SprmatrixError } from '../base/error.js';
import { runTool } from '../base/tool.js';

/** How to use sprmatrix on a machine without apt, or whose apt is not Debian's. */
export const MIRROR_HINT =
  "say where Debian's packages are with --mirror=URL or SPRMATRIX_MIRROR=URL, or use your own kernel: --kernel=./vmlinux";

/**
 * The address, with a slash at its end, of the archive that `given`, SPRMATRIX_MIRROR or this machine's own
 * apt names.
 */
export async function findMirror(
  given: string | undefined,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const named = given ?? process.env['SPRMATRIX_MIRROR'] ?? '';
  if (named !== '') return checkedMirror(named);
  const run = async (args: readonly string[]): Promise<string> =>
    runTool('apt-get', args, { signal: options.signal, hint: MIRROR_HINT });
  const read = debianMirrors(
    await run([
      'indextargets',
      '--format',
      '$(ORIGIN)\t$(LABEL)\t$(REPO_URI)',
      'Identifier: Packages',
    ]),
  );
  // Indexes that were never fetched have no origin; the sources still say where they would be.
  const mirror = read[0] ?? mirrorsOfSources(await run(['update', '--print-uris']))[0];
  if (mirror !== undefined) return mirror;
  throw new SprmatrixError({
    code: 'NO_DEBIAN_MIRROR',
    message:
      "this machine's apt does not say where Debian's packages are: none of its sources is Debian's",
    hint: MIRROR_HINT,
  });
}

/** The main archive's addresses in the answer of `apt-get indextargets`: origin, label, address a line. */
export function debianMirrors(indexTargets: string): string[] {
  return indexTargets.split('\n').flatMap((line) => {
    const [origin, label, address] = line.split('\t');
    return origin === 'Debian' && label === 'Debian' && address !== undefined
      ? [withSlash(address)]
      : [];
  });
}

/** The addresses that end in Debian's usual folder, in the answer of `apt-get update --print-uris`. */
export function mirrorsOfSources(printedUris: string): string[] {
  return printedUris
    .split('\n')
    .flatMap((line) => /^'(\S+\/debian\/)dists\/\S+\/InRelease'/.exec(line)?.[1] ?? []);
}

function checkedMirror(given: string): string {
  if (/^[a-z][a-z0-9+]*:[^\s[\]"']+$/.test(given)) return withSlash(given);
  throw new SprmatrixError({
    code: 'MIRROR_INVALID',
    kind: 'usage',
    message: `mirror "${given}" is not a URL`,
    hint: 'a mirror is the address of the folder that holds dists/ and pool/, e.g. http://HOST/debian',
  });
}

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
