import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import type { ResultPromise } from 'execa';
import { abortedError } from '../../base/deadline.js';
import { SprmatrixError } from '../../base/error.js';
import type { ToolCommand } from '../../base/tool.js';

export interface UnpackOptions {
  /** What is unpacked, for messages. */
  readonly owner: string;
  readonly limitBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Debian's package of bsdtar and bsdcat. */
export const LIBARCHIVE = 'apt-get install libarchive-tools';

/**
 * Writes what the last of `commands`, each fed by the one before, says to `target`, and returns how many
 * bytes that were. What is larger than the limit is stopped there. Errors: `UNPACK_LIMIT`,
 * `ARCHIVE_BROKEN` (with what the tool said), `TOOL_MISSING`, `ABORTED`; nothing is left of `target`.
 */
export async function unpackStream(
  commands: readonly ToolCommand[],
  target: string,
  { owner, limitBytes, signal }: UnpackOptions,
): Promise<number> {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _, done): void {
      bytes += chunk.length;
      done(bytes > limitBytes ? tooLarge(owner, limitBytes) : null, chunk);
    },
  });
  const children = commands.map(([program, args], index) => start(program, args, index > 0));
  const streams = children.slice(1).map(async (child, index) => {
    const from = children[index]?.stdout;
    // A reader that has enough closes its end: whether that was a fault, its status says.
    if (from !== undefined && from !== null && child.stdin !== null) {
      await pipeline(from, child.stdin).catch(() => undefined);
    }
  });
  const last = children.at(-1)?.stdout;
  try {
    if (last === undefined || last === null) throw new Error('no command');
    await pipeline(last, counter, createWriteStream(target), { signal });
    const results = await Promise.all(children);
    const failed = results.findIndex(({ failed: isFailed }) => isFailed);
    if (failed >= 0) throw toolError(owner, commands[failed], results[failed]);
    return bytes;
  } catch (error) {
    for (const child of children) child.kill('SIGKILL');
    await rm(target, { force: true });
    throw signal?.aborted === true ? abortedError(owner) : error;
  } finally {
    await Promise.allSettled([...children, ...streams]);
  }
}

/** The first bytes of what is packed in a file; fewer, and none when it cannot be unpacked. */
export async function unpackedHead(path: string, bytes: number): Promise<Buffer> {
  const child = start('bsdcat', [path], false);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of child.stdout ?? []) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= bytes) break;
    }
  } finally {
    child.kill('SIGKILL');
  }
  const { code } = (await child) as { code?: string };
  if (code === 'ENOENT') throw toolError(path, ['bsdcat', []], { code });
  return Buffer.concat(chunks).subarray(0, bytes);
}

function start(program: string, args: readonly string[], isFed: boolean): ResultPromise {
  return execa(program, args, {
    env: { LC_ALL: 'C.UTF-8' },
    stdin: isFed ? 'pipe' : 'ignore',
    buffer: { stdout: false },
    cleanup: true,
    reject: false,
  }) as ResultPromise;
}

function toolError(owner: string, command: ToolCommand | undefined, result: unknown): Error {
  const { code, stderr } = result as { code?: string; stderr?: string };
  const program = command?.[0] ?? '';
  if (code === 'ENOENT') {
    return new SprmatrixError({
      code: 'TOOL_MISSING',
      message: `${program}: no such program, and ${owner} is packed`,
      hint: LIBARCHIVE,
    });
  }
  return brokenArchive(owner, (stderr ?? '').split('\n'));
}

/** The error for what cannot be unpacked, with what the tool said. */
export function brokenArchive(owner: string, said: readonly string[]): SprmatrixError {
  return new SprmatrixError({
    code: 'ARCHIVE_BROKEN',
    kind: 'usage',
    message: `${owner} cannot be unpacked: it is cut off or damaged`,
    evidence: said.map((line) => line.trim()).filter((line) => line !== ''),
    hint: 'fetch or copy it again, and compare its size and checksum',
  });
}

function tooLarge(owner: string, limitBytes: number): SprmatrixError {
  return new SprmatrixError({
    code: 'UNPACK_LIMIT',
    kind: 'usage',
    message: `${owner} unpacks to more than ${(limitBytes / 1e6).toFixed(0)} MB, which no kernel does`,
    hint: 'unpack it yourself, and give the folder or the image',
  });
}
