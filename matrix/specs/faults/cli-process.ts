import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { cliProgram, repositoryPath } from '../../../harness/base/paths.js';

/** How a `sprmatrix` process ended. */
export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `sprmatrix` process. */
export interface CliProcess {
  readonly pid: number;
  /** What it has printed so far. */
  readonly printed: () => string;
  readonly result: Promise<CliResult>;
}

/** Starts the built CLI. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): CliProcess {
  return startNode(cliProgram, args, {
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
  });
}

/** Starts `npm test`'s own program in a process group of its own, as a terminal does. */
export function startTests(args: readonly string[]): CliProcess {
  return startNode(repositoryPath('dist/bundle/test-command.js'), args, {
    env: { SPRMATRIX_PLAN: undefined, SPRMATRIX_TEST_RESULTS: 'build/nested-test-results' },
    detached: true,
  });
}

function startNode(
  program: string,
  args: readonly string[],
  options: { readonly env: Record<string, string | undefined>; readonly detached?: true },
): CliProcess {
  const child = execa('node', [program, ...args], {
    ...options,
    stripFinalNewline: false,
    reject: false,
    stdin: 'ignore',
  });
  if (child.pid === undefined) throw new Error('node could not be started');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return {
    pid: child.pid,
    printed: () => printed,
    result: child.then(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr })),
  };
}

/** Runs the built CLI to its end. */
export async function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CliResult> {
  return startCli(args, env).result;
}

/** Process ids of the QEMUs that a `sprmatrix` process has started. */
export function qemusOf(parent: number): number[] {
  return processes().filter((pid) => isQemu(pid) && parentOf(pid) === parent);
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Process ids of the QEMUs that descend from a process. */
export function qemusBelow(ancestor: number): number[] {
  const descends = (pid: number): boolean =>
    pid > 1 && (parentOf(pid) === ancestor || descends(parentOf(pid)));
  return processes().filter((pid) => isQemu(pid) && descends(pid));
}

/** Whether a process is a QEMU; false when it has ended, even if nobody has waited for it. */
export function isQemu(pid: number): boolean {
  const [program, option, name] = readProc(pid, 'cmdline').split('\0');
  // A QEMU that `setup --newer-qemu` fetched is run by its own loader.
  const command = option === '--argv0' ? name : program;
  return command?.includes('qemu-system') === true;
}

function parentOf(pid: number): number {
  // The name in parentheses may hold spaces; the state and the parent follow it.
  return Number(readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[1]);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

/** Waits until `isTrue`, looking every 20 ms. */
export async function until(what: string, isTrue: () => boolean, limitMs = 60_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(20);
  }
}

/** Whether a record is there. */
export function hasRecord(out: string, cell: string): boolean {
  return existsSync(join(out, 'records', `${cell}.json`));
}

/** Whether this test may mount file systems. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A tmpfs of so many bytes at a folder. */
export function mountTmpfs(folder: string, size: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
}

export function unmount(folder: string): void {
  execFileSync('umount', [folder]);
}
