import type { DebianKernel, DebianPackage } from './kernel-catalogue.generated.js';
import type { DebianArchive } from './kernels.generated.js';
import { compareDebianVersions, lineOf, upstreamVersion } from '../debian/debian-version.js';
import type { IndexedPackage } from '../debian/package-index.js';

/** A kernel of one suite with the Debian version that says which is newest. */
export interface SuiteKernel {
  readonly kernel: DebianKernel;
  readonly debianVersion: string;
}

/**
 * The kernels in one suite's packages. Both shapes are known: an image package that is the whole
 * kernel, and one that depends on the packages that hold its parts. A kernel whose parts are not
 * all there cannot be fetched; `onIncomplete` gets its name and what is missing.
 */
export function kernelsOfSuite(
  suite: string,
  packages: readonly IndexedPackage[],
  archive: DebianArchive,
  onIncomplete: (image: string, missing: string) => void = () => undefined,
): SuiteKernel[] {
  const pattern = new RegExp(archive.imagePackage);
  return packages.flatMap((image) => {
    const flavour = pattern.exec(image.name)?.groups?.['flavour'];
    const suffix = flavour === undefined ? undefined : archive.flavours[flavour];
    const version = upstreamVersion(image.version);
    const line = lineOf(version);
    if (suffix === undefined || line === undefined) return [];
    const partNames = image.depends.filter((name) =>
      archive.partPackages.some((start) => name.startsWith(start)),
    );
    const parts: IndexedPackage[] = [];
    for (const name of partNames) {
      const part = packages.find((it) => it.name === name && it.version === image.version);
      if (part === undefined) {
        onIncomplete(image.name, name);
        return [];
      }
      parts.push(part);
    }
    const kernel: DebianKernel = {
      id: `debian-${line}${suffix}`,
      line,
      version,
      variant: suffix.slice(1),
      source: {
        kind: 'debian',
        suite,
        packages: (parts.length > 0 ? parts : [image]).map(packageOf),
        older: [],
      },
    };
    return [{ kernel, debianVersion: image.version }];
  });
}

/**
 * One kernel an id, the newest of all suites, which knows the older ones, in the order of `byLine`.
 */
export function newestOfEachLine(found: readonly SuiteKernel[]): DebianKernel[] {
  const ids = new Set(found.map(({ kernel }) => kernel.id));
  return [...ids]
    .flatMap((id) => {
      const [newest, ...older] = found
        .filter(({ kernel }) => kernel.id === id)
        .sort((a, b) => compareDebianVersions(b.debianVersion, a.debianVersion))
        .map(({ kernel }) => kernel);
      return newest === undefined ? [] : [withOlder(newest, older)];
    })
    .sort(byLine);
}

/** Oldest line first, main flavour before variants. */
export function byLine(a: DebianKernel, b: DebianKernel): number {
  return (
    compareDebianVersions(a.line, b.line) ||
    (a.variant < b.variant ? -1 : Number(a.variant > b.variant))
  );
}

function withOlder(kernel: DebianKernel, older: readonly DebianKernel[]): DebianKernel {
  const releases = older.map(({ version, source: { suite, packages } }) => ({
    version,
    suite,
    packages,
  }));
  return { ...kernel, source: { ...kernel.source, older: releases } };
}

function packageOf({ name, version, filename, size, sha256 }: IndexedPackage): DebianPackage {
  return { name, version, filename, size, sha256 };
}
