import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { extractFiles, openArchive } from './archive.js';
import type { Member } from './archive.js';
import { UNPACK_LIMITS } from './unpack-limits.js';
import type { UnpackLimits } from './unpack-limits.js';

/** An archive as it was given. */
export interface GivenArchive {
  readonly path: string;
  readonly form: 'deb' | 'rpm' | 'archive';
}

export interface UnpackRootOptions {
  readonly limits?: UnpackLimits;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** A root that archives were unpacked to. */
export interface UnpackedRoot {
  /** Links that were not made, as they lead out of the root: "boot/vmlinuz -> /etc/passwd". */
  readonly outside: readonly string[];
}

/**
 * What of an archive a kernel can be in: boot/, the modules, depmod's rules, and what lies at the top or in
 * one folder of a name of its own (the outputs of a CI). Debug information and sources are left packed.
 */
const WANTED =
  /^(?:[^/]+\/)?(?:boot\/[^/]+|(?:usr\/)?lib\/modules\/.*|(?:etc|run|lib|usr\/lib)\/depmod\.d\/[^/]+|[^/]+)$|^(?:[^/]+\/)?[^/]+\/kernel\/.*\.ko(?:\.[a-z0-9]+)?$/;
const UNWANTED = /^usr\/lib\/debug\/|\/(?:build|source|vdso)\/|\.(?:deb|rpm)$/;

/**
 * Unpacks what a kernel needs of archives into `root`, one over the other. Links are made when they lead
 * nowhere else than into the root. Errors: those of `openArchive`.
 */
export async function unpackRoot(
  archives: readonly GivenArchive[],
  root: string,
  { limits = UNPACK_LIMITS, signal, onProgress }: UnpackRootOptions = {},
): Promise<UnpackedRoot> {
  await mkdir(root, { recursive: true });
  const links: Member[] = [];
  for (const [index, { path, form }] of archives.entries()) {
    onProgress?.(`${basename(path)}: unpacking`);
    const plain = `${root}.${index}.plain`;
    try {
      const archive = await openArchive(path, plain, { owner: path, form, limits, signal });
      const wanted = archive.members.filter(
        (member) => WANTED.test(member.path) && !UNWANTED.test(member.path),
      );
      // Of a file that is there twice the last counts, as for every unpacker.
      const files = new Map(
        wanted.filter(({ kind }) => kind === 'file').map((it) => [it.path, it]),
      );
      links.push(...archive.members.filter(({ kind }) => kind === 'link'));
      await extractFiles(
        { ...archive, members: [...files.values()] },
        [...files.keys()],
        root,
        signal,
      );
    } finally {
      await rm(plain, { force: true });
      await rm(`${plain}.list`, { force: true });
    }
  }
  return { outside: await makeLinks(links, root) };
}

/** Makes links after every file is there, and takes those away that lead out. */
async function makeLinks(links: readonly Member[], root: string): Promise<string[]> {
  const made: { member: Member; path: string }[] = [];
  const outside: string[] = [];
  const top = await realpath(root);
  for (const member of links) {
    const { path: name, target = '' } = member;
    const path = join(root, name);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true }).catch(() => undefined); // below another link: left out
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || !isWithin(real, top) || existsSync(path)) continue;
    // What begins with a slash means the root that the package is for.
    const says = target.startsWith('/') ? join(top, target) : target;
    // Never made, not even for a moment: a folder would be made through it.
    if (!isWithin(resolve(real, says), top)) {
      outside.push(`${name} -> ${target}`);
      continue;
    }
    await symlink(says, path).catch(() => undefined); // a folder of this name is there
    made.push({ member, path });
  }
  for (const { member, path } of made) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && isWithin(real, top)) continue;
    outside.push(`${member.path} -> ${member.target ?? ''}`);
    await rm(path, { force: true });
  }
  return outside;
}

function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
}
