import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortedError } from '../../base/deadline.js';
import { messageOf, SprmatrixError } from '../../base/error.js';
import type { ErrorKind } from '../../base/error.js';
import { sha256, sha256OfFile, writeFileAtomic } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import type { KernelOptions } from '../kernel-entry.js';
import { UNPACK_LIMITS } from './unpack-limits.js';

export interface FetchUrlOptions extends Omit<KernelOptions, 'mirror'> {
  /** Bytes of a file at most. */
  readonly limitBytes?: number;
  /** How long a server may say nothing. */
  readonly silenceMs?: number;
  /** How often a file that was cut in the middle is gone on with. */
  readonly attempts?: number;
}

const SILENCE_MS = 30_000;
/** What comes in that time at least; a kernel would take days otherwise. */
const LEAST_BYTES = 30_000;
const ATTEMPTS = 4;
const MOST_REDIRECTS = 10;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What is known of a file that was fetched. */
interface Known {
  readonly url: string;
  readonly etag: string | null;
  readonly modified: string | null;
  readonly sha256: string;
}

/** An address, the checksum that stands after `#sha256=`, and whatever else stands behind the `#`. */
export function splitUrl(word: string): { url: string; sha256: string | undefined; rest: string } {
  const [url = word, ...fragments] = word.split('#');
  const parts = fragments
    .join('#')
    .split('&')
    .filter((part) => part !== '');
  const sum = parts.find((part) => part.startsWith('sha256='))?.slice('sha256='.length);
  if (sum !== undefined && !/^[0-9a-f]{64}$/i.test(sum)) {
    throw new SprmatrixError({
      code: 'CHECKSUM_INVALID',
      kind: 'usage',
      message: `${word}: "${sum}" is no SHA-256, which has 64 hexadecimal digits`,
    });
  }
  const rest = parts.filter((part) => !part.startsWith('sha256='));
  return {
    url,
    sha256: sum?.toLowerCase(),
    rest: rest.length === 0 ? '' : `#${rest.join('&')}`,
  };
}

/**
 * The path of what is at an address, in the cache. A file that is there is asked for by its ETag (or date),
 * one that was cut in the middle is gone on with. Errors: `URL_INVALID`, `URL_FAILED` with
 * what the server said, `DOWNLOAD_TOO_LARGE`, `CHECKSUM_DIFFERS`, `ABORTED`.
 */
export async function fetchUrl(word: string, options: FetchUrlOptions = {}): Promise<string> {
  const { url, sha256: wanted, rest } = splitUrl(word);
  const parsed = parseUrl(url);
  if (parsed.protocol === 'file:')
    return `${await checkedFile(fileURLToPath(parsed), wanted)}${rest}`;
  const folder = join(options.cacheFolder ?? cacheRoot(), 'downloads', sha256(url).slice(0, 16));
  const path = join(folder, safeName(parsed));
  await withLock(
    folder,
    async (signal) => {
      await mkdir(folder, { recursive: true });
      await refresh(parsed, path, wanted, { ...options, signal });
    },
    {
      signal: options.signal,
      onWait: () => options.onProgress?.(`${url}: waiting for another run that fetches it`),
    },
  );
  return `${path}${rest}`;
}

async function refresh(
  url: URL,
  path: string,
  wanted: string | undefined,
  options: FetchUrlOptions,
): Promise<void> {
  const known = await readKnown(path, url);
  // A checksum says what is meant: nobody needs to be asked for what is here.
  if (known !== undefined && known.sha256 === wanted) return;
  const part = `${path}.part`;
  const attempts = options.attempts ?? ATTEMPTS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await download(url, part, known, options);
      if (answer === undefined) {
        checkSum(url, path, known?.sha256, wanted);
        return;
      }
      const sum = await sha256OfFile(part);
      if (wanted !== undefined && sum !== wanted) await rm(part, { force: true });
      checkSum(url, path, sum, wanted);
      await rename(part, path);
      const { etag, modified } = answer;
      const text = JSON.stringify({ url: url.href, etag, modified, sha256: sum } satisfies Known);
      await writeFileAtomic(`${path}.json`, `${text}\n`);
      await rm(`${part}.etag`, { force: true });
      return;
    } catch (error) {
      if (options.signal?.aborted === true) throw abortedError(url.href);
      if (!(error instanceof CutError)) throw error;
      if (attempt >= attempts) throw cutOff(url, part, error, attempts);
      options.onNotice?.(`${url.href}: ${error.message}; going on (${attempt} of ${attempts - 1})`);
    }
  }
}

/** The connection ended, was silent or too slow for too long, before the whole file was there. */
class CutError extends Error {}

/** Fetches into `part`, from where that ends. Undefined when the file that is known is still the one there. */
async function download(
  url: URL,
  part: string,
  known: Known | undefined,
  options: FetchUrlOptions,
): Promise<{ etag: string | null; modified: string | null } | undefined> {
  const { limitBytes = UNPACK_LIMITS.archiveBytes, silenceMs = SILENCE_MS, onProgress } = options;
  const before = await stat(part).catch(() => undefined);
  const tag = await readFile(`${part}.etag`, 'utf8').catch(() => undefined); // the first attempt
  const isResumed = before !== undefined && before.size > 0 && tag !== undefined;
  const silence = new AbortController();
  let sentLately = 0;
  const timer = setTimeout(() => {
    silence.abort();
  }, silenceMs);
  const signal = AbortSignal.any([silence.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const response = await request(
      url,
      conditions(known, isResumed ? { tag, from: before.size } : undefined),
      signal,
    );
    timer.refresh();
    if (response.status === 304) return undefined;
    const { headers, body } = response;
    const isRest = response.status === 206 && isResumed;
    if (response.status === 416 && isResumed) {
      await rm(part, { force: true });
      throw new CutError('what was fetched before is of another file');
    }
    if (!response.ok || body === null) throw refused(url, response);
    const start = isRest ? before.size : 0;
    const length = headers.get('content-length');
    const total =
      length === null || headers.has('content-encoding') ? undefined : start + Number(length);
    if (total !== undefined && total > limitBytes) throw tooLarge(url, limitBytes, total);
    const [etag, modified] = [headers.get('etag'), headers.get('last-modified')];
    const validator = etag !== null && !etag.startsWith('W/') ? etag : modified;
    if (validator === null) await rm(`${part}.etag`, { force: true });
    else await writeFileAtomic(`${part}.etag`, validator);
    let done = start;
    // Each piece is in the file before the next is taken: what came before a cut stays.
    const file = await open(part, isRest ? 'a' : 'w');
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        done += chunk.length;
        sentLately += chunk.length;
        if (sentLately >= LEAST_BYTES) {
          timer.refresh();
          sentLately = 0;
        }
        if (done > limitBytes) throw tooLarge(url, limitBytes, done);
        await file.write(chunk);
        const percent = total === undefined ? '' : `${Math.floor((100 * done) / total)} % of `;
        const megabytes = ((total ?? done) / 1e6).toFixed(0);
        onProgress?.(`${basename(url.pathname)}: fetching, ${percent}${megabytes} MB`);
      }
    } finally {
      await file.close();
    }
    if (total !== undefined && done < total) {
      throw new CutError(`the connection ended after ${done} of ${total} bytes`);
    }
    return { etag, modified };
  } catch (error) {
    if (error instanceof SprmatrixError) {
      if (error.code === 'DOWNLOAD_TOO_LARGE') await rm(part, { force: true });
      throw error;
    }
    if (error instanceof CutError) throw error;
    if (silence.signal.aborted) {
      const said = sentLately === 0 ? 'said nothing for' : `sent no more than ${sentLately} B in`;
      throw new CutError(`the server ${said} ${silenceMs / 1000} s`);
    }
    throw new CutError(faultOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function conditions(
  known: Known | undefined,
  resumed: { tag: string; from: number } | undefined,
): Record<string, string> {
  // Packed on the way, a length and an offset would be of something else.
  const plain = { 'accept-encoding': 'identity', 'user-agent': 'sprmatrix' };
  if (resumed !== undefined)
    return { ...plain, range: `bytes=${resumed.from}-`, 'if-range': resumed.tag };
  if (known?.etag != null) return { ...plain, 'if-none-match': known.etag };
  if (known?.modified != null) return { ...plain, 'if-modified-since': known.modified };
  return plain;
}

/** Follows redirects by hand: how many, and never from the network to this machine's files. */
async function request(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let count = 0; count <= MOST_REDIRECTS; count += 1) {
    const response = await fetch(at, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    at = new URL(location, at);
    if (!/^https?:$/.test(at.protocol)) {
      throw failed(url, `it is redirected to ${at.href}, which is no address of the web`);
    }
  }
  throw failed(url, `it is redirected more than ${MOST_REDIRECTS} times, at last to ${at.href}`);
}

async function readKnown(path: string, url: URL): Promise<Known | undefined> {
  try {
    const known = JSON.parse(await readFile(`${path}.json`, 'utf8')) as Known;
    const isWhole = known.url === url.href && (await sha256OfFile(path)) === known.sha256;
    return isWhole ? known : undefined;
  } catch {
    return undefined; // nothing was fetched yet, or not to its end
  }
}

async function checkedFile(path: string, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && existsSync(path)) {
    checkSum(new URL(`file://${path}`), path, await sha256OfFile(path), wanted);
  }
  return path;
}

function checkSum(
  url: URL,
  path: string,
  found: string | undefined,
  wanted: string | undefined,
): void {
  if (wanted === undefined || found === wanted) return;
  throw new SprmatrixError({
    code: 'CHECKSUM_DIFFERS',
    kind: 'usage',
    message: `${url.href}: its SHA-256 is ${found ?? 'not known'}, not ${wanted}`,
    hint: `the file there is another one than the checksum is of (${basename(path)})`,
  });
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    throw new SprmatrixError({
      code: 'URL_INVALID',
      kind: 'usage',
      message: `${url} is no address: ${messageOf(error)}`,
    });
  }
}

/** A name for the cache: whatever an address ends in, as one harmless word. */
function safeName({ pathname }: URL): string {
  const name = basename(pathname)
    .replaceAll(/[^A-Za-z0-9._+~-]+/g, '-')
    .replace(/^\.+/, '');
  return name === '' ? 'file' : name.slice(-120);
}

/** What Node says of a connection, which stands in the cause. */
function faultOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause);
}

function refused(url: URL, { status, statusText }: Response): SprmatrixError {
  const kind = status >= 500 ? 'harness' : 'usage';
  return failed(url, `the server answers ${status} ${statusText}`.trim(), { kind });
}

function cutOff(url: URL, part: string, error: CutError, attempts: number): SprmatrixError {
  return failed(url, `${error.message} (${attempts} attempts)`, {
    kind: 'harness',
    ...(existsSync(part) ? { hint: 'what came is kept: the same command goes on from there' } : {}),
  });
}

function failed(
  url: URL,
  why: string,
  {
    kind = 'usage',
    hint = 'look at the address in a browser',
  }: { kind?: ErrorKind; hint?: string } = {},
): SprmatrixError {
  return new SprmatrixError({
    code: 'URL_FAILED',
    kind,
    message: `${url.href} cannot be fetched: ${why}`,
    hint,
  });
}

function tooLarge(url: URL, limitBytes: number, bytes: number): SprmatrixError {
  return new SprmatrixError({
    code: 'DOWNLOAD_TOO_LARGE',
    kind: 'usage',
    message: `${url.href} has ${(bytes / 1e6).toFixed(0)} MB or more, and the limit is ${(limitBytes / 1e6).toFixed(0)} MB`,
    hint: 'fetch it yourself, and give its path',
  });
}
