import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import which from 'which';
import { killGroup } from '../base/process-group.js';
import { SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import { CHECKSUMS } from './newer-qemu.js';
import type { QemuBinary } from './qemu-binary.js';
import { versionText } from './qemu-binary.js';

/** What a QEMU is beyond its version. */
export interface QemuContent {
  /**
   * Whether it is a build of Debian's, a release and no script: what its version says is known of all of
   * these. Ubuntu's builds say the same of themselves, with versions of their own.
   */
  readonly isDebians: boolean;
  /**
   * Of its program; of a script also of what it becomes and of how it is then called. Computed once, when it is
   * asked for: it reads some 17 MB. Errors: `QEMU_UNREADABLE`.
   */
  readonly sha256: () => Promise<string>;
}

const known = new Map<string, Promise<QemuContent>>();

/** The content of a QEMU; asked once. Errors: those of the tools. */
export async function qemuContent(qemu: QemuBinary): Promise<QemuContent> {
  const content = known.get(qemu.path) ?? readContent(qemu);
  known.set(qemu.path, content);
  return content;
}

async function readContent(qemu: QemuBinary): Promise<QemuContent> {
  const path = await realpath(await which(qemu.path));
  const text = await versionText(qemu.path);
  // git describe's "-1234-gabcdef" and x.y.50 are of a development tree.
  const isRelease = !/-g[0-9a-f]{7,}/.test(text) && Number(qemu.version.split('.')[2]) < 50;
  const isBuilt = text.includes('(Debian ') && isRelease;
  const sums = join(dirname(path), CHECKSUMS);
  if (existsSync(sums)) return { isDebians: isBuilt, sha256: once(async () => sha256OfFile(sums)) };
  if (await isScript(path)) {
    return { isDebians: false, sha256: once(async () => scriptContent(path)) };
  }
  return { isDebians: isBuilt, sha256: once(async () => sha256OfFile(path)) };
}

async function isScript(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2));
  return buffer.toString('latin1', 0, bytesRead) === '#!';
}

function once(work: () => Promise<string>): () => Promise<string> {
  let result: Promise<string> | undefined;
  return async () => (result ??= work());
}

/** Starts a script as QEMU without a machine, and sees what it has become once QEMU answers. */
async function scriptContent(path: string): Promise<string> {
  const args = ['-machine', 'none', '-nodefaults', '-display', 'none', '-S', '-qmp', 'stdio'];
  // A group of its own: a script that waits for its QEMU would leave it behind.
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const hash = createHash('sha256').update(await sha256OfFile(path));
  let isQemu = false;
  try {
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      isQemu = text.includes('QMP');
      if (isQemu) break;
    }
    if (isQemu) {
      hash.update(await sha256OfFile(`/proc/${String(child.pid)}/exe`));
      hash.update(readFileSync(`/proc/${String(child.pid)}/cmdline`));
    }
  } finally {
    killGroup(child.pid, 'SIGKILL');
  }
  if (isQemu) return hash.digest('hex');
  throw new SprmatrixError({
    code: 'QEMU_UNREADABLE',
    message: `${path} is a script that does not become QEMU: nothing answered as a machine would`,
    hint: 'let it end with: exec qemu-system-ppc64 "$@"',
  });
}
