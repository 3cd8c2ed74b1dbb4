import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { runTool } from '../../base/tool.js';
import type { ToolCommand } from '../../base/tool.js';
import type { UnpackLimits } from './unpack-limits.js';
import { brokenArchive, LIBARCHIVE, unpackStream } from './unpack-stream.js';

export interface Member {
  /** Without "./" at its beginning or "/" at its end. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  /** What a link says. */
  readonly target?: string;
}

export interface ArchiveOptions {
  /** What the archive is, for messages: its path as it was given. */
  readonly owner: string;
  readonly form: 'deb' | 'rpm' | 'archive';
  readonly limits: UnpackLimits;
  readonly signal?: AbortSignal | undefined;
}

/** An archive whose packing was taken off, with what is in it. */
export interface OpenedArchive {
  readonly owner: string;
  /** Path of the archive that members are read from. */
  readonly plain: string;
  readonly members: readonly Member[];
}

/** Of a .deb, the archive of its files. */
const DEB_FILES = 'data.tar*';
const LISTED = /^(?<type>.)\S+\s+\d+\s+\S+\s+\S+\s+(?<bytes>\d+)\s+\S+\s+\S+\s+\S+\s(?<rest>.*)$/;
const KINDS = new Map<string, Member['kind']>([
  ['-', 'file'],
  ['d', 'folder'],
  ['l', 'link'],
]);

/**
 * Takes the packing off an archive, into `plain`, and reads what is in it with libarchive's bsdtar, which
 * runs none of a package's scripts. Errors: `ARCHIVE_UNSAFE` for a member whose path leads out of the
 * archive, `UNPACK_LIMIT`, `ARCHIVE_BROKEN`, `TOOL_MISSING`.
 */
export async function openArchive(
  path: string,
  plain: string,
  { owner, form, limits, signal }: ArchiveOptions,
): Promise<OpenedArchive> {
  const unpack: readonly ToolCommand[] =
    form === 'deb'
      ? [
          ['bsdtar', ['-xOf', path, DEB_FILES]],
          ['bsdcat', []],
        ]
      : [['bsdcat', [path]]];
  await unpackStream(unpack, plain, { owner, limitBytes: limits.archiveBytes, signal });
  const members = await listMembers(plain, owner, limits, signal);
  for (const { path: name } of members) checkPath(owner, name);
  return { owner, plain, members };
}

async function listMembers(
  plain: string,
  owner: string,
  limits: UnpackLimits,
  signal: AbortSignal | undefined,
): Promise<Member[]> {
  const text = await bsdtar(owner, ['-tv', '--numeric-owner', '-f', plain], signal);
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > limits.members) {
    throw new SprmatrixError({
      code: 'UNPACK_LIMIT',
      kind: 'usage',
      message: `${owner} has ${lines.length} members, and the limit is ${limits.members}`,
      hint: 'unpack it yourself, and give the folder or the image',
    });
  }
  return lines.flatMap((line) => {
    const { type = '', bytes = '0', rest = '' } = LISTED.exec(line)?.groups ?? {};
    if (rest === '') return [];
    // bsdtar -t writes "name -> what a link says" and "name link to another name of the file".
    const [, linked, target] = /^(.*?) (?:->|link to) (.*)$/.exec(rest) ?? [];
    const isLink = type === 'l' || type === 'h';
    const kind = isLink ? 'link' : (KINDS.get(type) ?? 'other');
    const name = plainPath(isLink ? (linked ?? rest) : rest);
    // What another name of a file says is a path from the top.
    const says = type === 'h' ? `/${plainPath(target ?? '')}` : target;
    return [
      {
        path: name,
        kind,
        bytes: Number(bytes),
        ...(isLink && says !== undefined ? { target: says } : {}),
      },
    ];
  });
}

/** Writes files of an archive below `target`, at their paths; all must be plain files. */
export async function extractFiles(
  { owner, plain, members }: OpenedArchive,
  paths: readonly string[],
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return;
  const known = new Map(members.map((member) => [member.path, member]));
  const names = paths.map((path) => {
    if (known.get(path)?.kind !== 'file') throw notAFile(owner, path);
    return path.replaceAll(/[\\*?[\]]/g, '\\$&');
  });
  await mkdir(target, { recursive: true });
  // A member is called "./a" or "a", and both are the same file.
  const list = `${plain}.list`;
  await writeFile(list, names.flatMap((name) => [`./${name}`, name]).join('\0'));
  const options = ['--no-same-owner', '--no-same-permissions', '--no-xattrs', '--no-acls'];
  const args = ['-x', '-f', plain, '-C', target, ...options, '--null', '-T', list];
  // bsdtar says of the one of the two that is not there that it is not: the files tell.
  await runTool('bsdtar', args, { signal, hint: LIBARCHIVE }).catch((error: unknown) => {
    if (!(error instanceof SprmatrixError) || error.code !== 'TOOL_FAILED') throw error;
  });
  for (const path of paths) {
    const found = await lstat(join(target, path)).catch(() => undefined);
    if (found?.isFile() !== true) throw notAFile(owner, path);
    if (found.size !== known.get(path)?.bytes) throw brokenArchive(owner, [`${path} is cut off`]);
  }
}

async function bsdtar(
  owner: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await runTool('bsdtar', args, { signal, hint: LIBARCHIVE });
  } catch (error) {
    if (error instanceof SprmatrixError && error.code === 'TOOL_FAILED') {
      throw brokenArchive(owner, error.evidence);
    }
    throw error;
  }
}

function checkPath(owner: string, path: string): void {
  const isOutside = path.startsWith('/') || path.split('/').includes('..');
  if (!isOutside) return;
  throw new SprmatrixError({
    code: 'ARCHIVE_UNSAFE',
    kind: 'usage',
    message: `${owner} is not unpacked: its member "${path}" leads out of it`,
    hint: 'no packer of kernels makes such a path: ask where the archive comes from',
  });
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

function notAFile(owner: string, path: string): SprmatrixError {
  return new SprmatrixError({
    code: 'ARCHIVE_UNSAFE',
    kind: 'usage',
    message: `${owner}: ${path} is not a plain file`,
  });
}
