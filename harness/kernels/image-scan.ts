import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What the bytes of an image tell. */
export interface ImageScan {
  readonly sha256: string;
  /** "6.19.0-rc3+" of "Linux version 6.19.0-rc3+ (…"; undefined when the image is packed. */
  readonly release: string | undefined;
  /** Those modules of the ones asked for that are built in; undefined when the image is packed. */
  readonly builtIn: ReadonlySet<string> | undefined;
}

/**
 * A text that is in an image only when the module is built in: a module's own parameters and
 * driver names stay in its .ko file otherwise.
 */
const MARKERS = new Map([
  ['kvm', 'kvm.halt_poll_ns'],
  ['virtio_pci', 'virtio-pci\0'],
  ['virtio_console', 'virtio_console\0'],
]);
const BANNER = Buffer.from('Linux version ', 'latin1');
const RELEASE = /^Linux version ([0-9]+\.[0-9]+[0-9A-Za-z._+-]*)[ (]/;
/** Longer than any text that is looked for: what may lie across two chunks. */
const OVERLAP_BYTES = 256;
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Reads an image once, however large, for its hash and the texts in it. */
export async function scanImage(path: string, signal?: AbortSignal): Promise<ImageScan> {
  const hash = createHash('sha256');
  const builtIn = new Set<string>();
  let release: string | undefined;
  let tail = Buffer.alloc(0);
  const chunks = createReadStream(path, { highWaterMark: CHUNK_BYTES, signal });
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const window = Buffer.concat([tail, chunk]);
    for (const [name, marker] of MARKERS) {
      if (!builtIn.has(name) && window.includes(marker, 0, 'latin1')) builtIn.add(name);
    }
    release ??= releaseIn(window);
    tail = window.subarray(-OVERLAP_BYTES);
  }
  const isReadable = release !== undefined;
  return { sha256: hash.digest('hex'), release, builtIn: isReadable ? builtIn : undefined };
}

function releaseIn(window: Buffer): string | undefined {
  for (let at = window.indexOf(BANNER); at >= 0; at = window.indexOf(BANNER, at + 1)) {
    const match = RELEASE.exec(window.toString('latin1', at, at + OVERLAP_BYTES / 2));
    if (match?.[1] !== undefined) return match[1];
  }
  return undefined;
}
