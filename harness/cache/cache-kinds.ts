import { basename } from 'node:path';
import type { CacheEntry } from './cache-entries.js';
import { unknownName } from '../base/nearest.js';

/** A kind of thing that is cached, in the folder of the cache that has its name. */
export interface CacheKind {
  readonly kind: string;
  /** What it is, and what it costs to have it again. */
  readonly what: string;
}

export const CACHE_KINDS: readonly CacheKind[] = [
  { kind: 'apt', what: "Debian's package lists; read again" },
  { kind: 'apt-source', what: "Debian's lists of sources; read again" },
  { kind: 'build-logs', what: 'what make said of builds; only a build says it again' },
  { kind: 'calibrations', what: 'what QEMUs that nobody measured answer; asked again in a minute' },
  { kind: 'catalogue', what: 'which kernels there are; read again' },
  {
    kind: 'given',
    what: 'your packages and archives of kernels, unpacked; unpacked again in seconds',
  },
  { kind: 'images', what: 'your packed images, unpacked; unpacked again in seconds' },
  { kind: 'initramfs', what: 'what kernels boot with; packed again in a second' },
  { kind: 'kernels', what: 'kernels; fetched again, those built here compiled in minutes' },
  { kind: 'power-root', what: "the machine of this repository's hardware tests; 40 MB again" },
  { kind: 'qemu', what: 'newer QEMUs; `sprmatrix setup --newer-qemu` fetches them again' },
  { kind: 'snapshots', what: 'booted machines; saved again by the next run that boots' },
  { kind: 'sources', what: "kernels' sources, packed; 150 MB each again" },
  { kind: 'trees', what: 'what was compiled of your kernel trees; compiled again in minutes' },
];

const NAMES: readonly string[] = CACHE_KINDS.map(({ kind }) => kind);

/** The kinds of these names, without repetition; all when there is none. Errors: `UNKNOWN_CACHE_KIND`. */
export function selectKinds(names: readonly string[]): string[] {
  for (const name of names) {
    if (!NAMES.includes(name)) throw unknownName('cache kind', name, NAMES);
  }
  return NAMES.filter((kind) => names.length === 0 || names.includes(kind));
}

/** What an entry is called: what it is of, if that is known, and its file. */
export function displayName({ path, name }: CacheEntry): string {
  const file = basename(path).replace(/([0-9a-f]{8})[0-9a-f]{56}/, '$1...');
  return name === undefined ? file : `${name} (${file})`;
}
