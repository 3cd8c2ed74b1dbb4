import { open, readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parseConfig } from './builds/fragments.js';

/** A kernel's configuration and where it was read. */
export interface KernelConfig {
  /** For a person: a path, or that it is in the image. */
  readonly from: string;
  /** Option (without `CONFIG_`) -> its value, of those that are set. */
  readonly options: ReadonlyMap<string, string>;
}

/** Around the packed .config in an image with IKCONFIG (kernel/configs.c). */
const START = Buffer.from('IKCFG_ST', 'latin1');
const END = Buffer.from('IKCFG_ED', 'latin1');
const GZIP = 0x1f8b;
const CHUNK_BYTES = 8 * 2 ** 20;
/** Many times a packed .config (60 KB). */
const MOST_BYTES = 4 * 2 ** 20;

/** The configuration in a file of it, or undefined when the file holds no option. */
export async function readConfigFile(path: string): Promise<KernelConfig | undefined> {
  const options = parseConfig(await readFile(path, 'utf8'));
  return options.size === 0 ? undefined : { from: path, options };
}

/** The configuration that an ELF image carries (CONFIG_IKCONFIG=y), or undefined. */
export async function readImageConfig(path: string): Promise<KernelConfig | undefined> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    for (let offset = 0; offset < size; offset += CHUNK_BYTES - START.length) {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(CHUNK_BYTES),
        0,
        CHUNK_BYTES,
        offset,
      );
      const chunk = buffer.subarray(0, bytesRead);
      for (let at = chunk.indexOf(START); at >= 0; at = chunk.indexOf(START, at + 1)) {
        const options = await optionsAt(file, offset + at + START.length);
        if (options !== undefined) return { from: 'the image (IKCONFIG)', options };
      }
    }
    return undefined;
  } finally {
    await file.close();
  }
}

async function optionsAt(
  file: Awaited<ReturnType<typeof open>>,
  offset: number,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, offset);
  const end = buffer.subarray(0, bytesRead).indexOf(END);
  if (end < 2 || buffer.readUInt16BE(0) !== GZIP) return undefined;
  try {
    return parseConfig(gunzipSync(buffer.subarray(0, end)).toString('utf8'));
  } catch {
    return undefined; // the two texts stand in the code that looks for them, too
  }
}
