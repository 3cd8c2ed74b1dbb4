import { readdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { isReleaseFolder, releasesIn } from './module-folder.js';

/** An image in a root, with the release that its place or its name says ("" when neither does). */
export interface RootImage {
  readonly release: string;
  readonly path: string;
}

/** vmlinux, vmlinuz, zImage, also of a wrapper's machine, packed or not, and what stands behind its name. */
const IMAGE =
  /^(?:vmlinu[xz]|zImage|Image)(?:\.(?:pseries|epapr|strip))?(?:-(?<release>\d[^/]*?))?(?:\.(?:gz|xz|zst|bz2|lz4|lzma))?$/;
/** From the one that needs the least to be taken off to the one that needs the most. */
const PREFERRED = ['vmlinux', 'vmlinuz', 'Image', 'zImage'];

/**
 * The images in a folder: itself (what a build or a CI leaves), its boot/, each of its releases' folders,
 * and, of a folder of one release, that of the root it is in.
 */
export async function imagesIn(top: string): Promise<RootImage[]> {
  const found: RootImage[] = [];
  const own = isReleaseFolder(top) ? basename(top) : undefined;
  await collect(top, own ?? '', found);
  await collect(join(top, 'boot'), '', found);
  // A package of the image alone has nothing else in its release's folder.
  const named = await Promise.all(
    ['lib/modules', 'usr/lib/modules'].map(async (it) => namedIn(join(top, it))),
  );
  for (const folder of new Set([...(await releasesIn(top)), ...named.flat()])) {
    await collect(folder, basename(folder), found);
  }
  if (own !== undefined && found.length === 0) {
    const beside: RootImage[] = [];
    for (const boot of ['../../../boot', '../../../../boot']) {
      await collect(join(top, boot), '', beside);
    }
    found.push(...beside.filter(({ release }) => release === own));
  }
  return bestOfEach(found);
}

/** The folders that are called like a release. */
async function namedIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []); // most roots have one of these
  return names.filter((name) => /^\d+\.\d+/.test(name)).map((name) => join(folder, name));
}

async function collect(folder: string, release: string, found: RootImage[]): Promise<void> {
  const names = await readdir(folder).catch(() => []); // most roots have not all of these
  for (const name of names.sort()) {
    const match = IMAGE.exec(name);
    const path = join(folder, name);
    if (match === null || !(await stat(path).catch(() => undefined))?.isFile()) continue;
    found.push({ path, release: match.groups?.['release'] ?? release });
  }
}

function bestOfEach(found: readonly RootImage[]): RootImage[] {
  const named = new Set(found.map(({ release }) => release).filter((release) => release !== ''));
  // An image without a release next to one that has it is a link or a copy of it.
  const wanted = named.size > 0 ? [...named] : [''];
  return wanted.sort().flatMap((release) => {
    const ranked = found
      .filter((image) => image.release === release)
      .sort((a, b) => rank(a) - rank(b));
    return ranked[0] ?? [];
  });
}

function rank({ path }: RootImage): number {
  const index = PREFERRED.findIndex((start) => basename(path).startsWith(start));
  return index < 0 ? PREFERRED.length : index;
}

/**
 * The one of several images that `wanted`, a release, names, or the only one. Errors: `WHICH_KERNEL`, naming
 * all, when there are several.
 */
export function chooseImage(
  owner: string,
  images: readonly RootImage[],
  wanted: string | undefined,
): RootImage {
  const found = wanted === undefined ? images : images.filter(({ release }) => release === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const names = images.map(({ release }) => release).join(', ');
  const choice = `#kernel=${wanted ?? ''}`;
  const whole = owner.endsWith(choice) ? owner.slice(0, -choice.length) : owner;
  throw new SprmatrixError({
    code: 'WHICH_KERNEL',
    kind: 'usage',
    message:
      wanted === undefined
        ? `${owner} holds ${images.length} kernels: ${names}`
        : `${owner} holds no kernel ${wanted}; it holds ${names}`,
    hint: `say which: ${images.map(({ release }) => `--kernel='${whole}#kernel=${release}'`).join(' or ')}`,
  });
}

/** The configuration that belongs to an image, where distributions put it; undefined when there is none. */
export function configBeside(image: string, release: string): string | undefined {
  const folder = join(image, '..');
  const places = [
    join(folder, `config-${release}`),
    join(folder, 'config'),
    join(folder, '.config'),
    join(folder, '../../../boot', `config-${release}`),
    join(folder, '../../../../boot', `config-${release}`),
    ...['lib/modules', 'usr/lib/modules'].map((it) => join(folder, '..', it, release, 'config')),
  ];
  return places.find((path) => existsSync(path));
}
