import { mkdir, open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import which from 'which';
import { writeFileAtomic } from '../base/files.js';
import { cacheRoot } from '../base/paths.js';
import { shortHash } from '../base/short-hash.js';

const ELF = Buffer.from('\u007fELF', 'latin1');

let isAskedAgain = false;

/** Has `knownText` ask every program, for whoever wants to know whether it runs. */
export function askProgramsAgain(): void {
  isAskedAgain = true;
}

/**
 * What a program says of its version: what it said last, if it is still the same file by its place, size and times,
 * else what `ask` gives. A QEMU needs 0.1 s to find its libraries, as long as a restored machine to go on. A
 * script may become another program each time, and is asked. Errors: those of `ask`.
 */
export async function knownText(command: string, ask: () => Promise<string>): Promise<string> {
  const path = await pathOfText(command).catch(() => undefined); // whoever asks says what is wrong with it
  if (path === undefined) return ask();
  const known = isAskedAgain ? undefined : await readFile(path, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const text = await ask();
  // A cache that cannot be written is reported by what needs it.
  await mkdir(dirname(path), { recursive: true })
    .then(async () => writeFileAtomic(path, text))
    .catch(() => undefined);
  return text;
}

/** Where it is kept what a program says; undefined of a script. */
async function pathOfText(command: string): Promise<string | undefined> {
  const real = await realpath(await which(command));
  await using file = await open(real);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4);
  if (!buffer.equals(ELF)) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(real, { bigint: true });
  const identity = [real, ...[dev, ino, size, mtimeNs, ctimeNs].map(String)];
  return join(cacheRoot(), 'qemu', '.versions', shortHash(identity));
}
