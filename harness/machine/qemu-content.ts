import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import { runTool } from '../base/tool.js';
import { CHECKSUMS } from './newer-qemu.js';
import type { QemuBinary } from './qemu-binary.js';

/** What a QEMU is beyond its version. */
export interface QemuContent {
  /** Of its program; of a script also of what it becomes and of how it is then called. */
  readonly sha256: string;
  /**
   * Whether it is a build of Debian's, a release and no script: what its version says is known of all of
   * these. Ubuntu's builds say the same of themselves, with versions of their own.
   */
  readonly isDebians: boolean;
}

const known = new Map<string, Promise<QemuContent>>();

/** The content of a QEMU; asked once. Errors: those of the tools, `QEMU_UNREADABLE`. */
export async function qemuContent(qemu: QemuBinary): Promise<QemuContent> {
  const content = known.get(qemu.path) ?? readContent(qemu);
  known.set(qemu.path, content);
  return content;
}

async function readContent(qemu: QemuBinary): Promise<QemuContent> {
  const path = await realpath(programPath(qemu.path));
  const text = await runTool(path, ['--version']);
  // git describe's "-1234-gabcdef" and x.y.50 are of a development tree.
  const isRelease = !/-g[0-9a-f]{7,}/.test(text) && Number(qemu.version.split('.')[2]) < 50;
  const isBuilt = text.includes('(Debian ') && isRelease;
  const sums = join(dirname(path), CHECKSUMS);
  if (existsSync(sums)) return { sha256: await sha256OfFile(sums), isDebians: isBuilt };
  const start = (await readFile(path)).subarray(0, 2).toString('latin1');
  if (start !== '#!') return { sha256: await sha256OfFile(path), isDebians: isBuilt };
  return { sha256: await scriptContent(path), isDebians: false };
}

function programPath(command: string): string {
  if (command.includes('/')) return command;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, command)).find((it) => existsSync(it)) ?? command;
}

/** Starts a script as QEMU without a machine, and sees what it has become once QEMU answers. */
async function scriptContent(path: string): Promise<string> {
  const args = ['-machine', 'none', '-nodefaults', '-display', 'none', '-S', '-qmp', 'stdio'];
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'ignore'] });
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
    child.kill('SIGKILL');
  }
  if (isQemu) return hash.digest('hex');
  throw new SprmatrixError({
    code: 'QEMU_UNREADABLE',
    message: `${path} is a script that does not become QEMU: nothing answered as a machine would`,
    hint: 'let it end with: exec qemu-system-ppc64 "$@"',
  });
}
