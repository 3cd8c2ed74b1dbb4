import semver from 'semver';
import { SprmatrixError } from '../base/error.js';
import { runTool } from '../base/tool.js';
import { knownText } from './known-version.js';

/** A QEMU that was asked for its version. */
export interface QemuBinary {
  readonly path: string;
  /** e.g. `7.2.22`. */
  readonly version: string;
}

const INSTALL_HINT =
  "run `npm run setup`, or install Debian's package qemu-system-ppc, or name another QEMU with SPRMATRIX_QEMU";

/**
 * Finds QEMU: `path`, else `$SPRMATRIX_QEMU`, else `qemu-system-ppc64` on the PATH.
 * Errors: `QEMU_MISSING`; `QEMU_UNREADABLE` when it does not say its version.
 */
export async function findQemu(path?: string): Promise<QemuBinary> {
  const named = process.env['SPRMATRIX_QEMU'];
  const command = path ?? (named === undefined || named === '' ? 'qemu-system-ppc64' : named);
  let output: string;
  try {
    output = await versionText(command);
  } catch (error) {
    if (error instanceof SprmatrixError && error.code === 'TOOL_MISSING') {
      throw new SprmatrixError({
        code: 'QEMU_MISSING',
        message: `no QEMU: ${command} is not there`,
        hint: INSTALL_HINT,
      });
    }
    throw error;
  }
  const version = /version (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) {
    throw new SprmatrixError({
      code: 'QEMU_UNREADABLE',
      message: `${command} --version names no version`,
      evidence: output.split('\n').slice(0, 3),
      hint: INSTALL_HINT,
    });
  }
  return { path: command, version };
}

const versionTexts = new Map<string, Promise<string>>();

/**
 * What a QEMU says of its version. Asked once: whoever needs it soon has it asked ahead, while something else
 * is done.
 */
export async function versionText(command: string): Promise<string> {
  const key = versionKey(command);
  const text =
    versionTexts.get(key) ?? knownText(command, async () => runTool(command, ['--version']));
  versionTexts.set(key, text);
  return text;
}

/** Has `versionText` say what a QEMU is known to say, without running it. */
export function rememberVersionText(command: string, text: string): void {
  versionTexts.set(versionKey(command), Promise.resolve(text));
}

const versionKey = (command: string): string => `${process.env['PATH'] ?? ''} ${command}`;

/** Whether a QEMU is at least `minimum` (major.minor). */
export function isNewEnough(qemu: QemuBinary, minimum: string): boolean {
  return semver.gte(qemu.version, `${minimum}.0`);
}

/** Throws `QEMU_TOO_OLD` unless `qemu` is at least `minimum` (major.minor), which `what` needs. */
export function requireQemuVersion(qemu: QemuBinary, minimum: string, what: string): void {
  if (isNewEnough(qemu, minimum)) return;
  throw new SprmatrixError({
    code: 'QEMU_TOO_OLD',
    message: `${what} needs QEMU ${minimum} or newer; ${qemu.path} is ${qemu.version}`,
    hint: 'name a newer QEMU with SPRMATRIX_QEMU',
  });
}
