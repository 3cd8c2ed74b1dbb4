import { readFileSync } from 'node:fs';
import type { Platform } from './platforms.js';

/**
 * A QEMU's program and arguments, of a machine with more threads than one such that it stays on one of the processors
 * that this process may use. Its threads wait for each other in loops, and on two processors they take QEMU's lock from
 * each other: a deep cell that takes 22 s on one took 520 s and more on two that did nothing else.
 */
export function onOneProcessor(
  { threads }: Pick<Platform, 'threads'>,
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  if (threads === undefined) return [program, args];
  const allowed = allowedProcessors(readFileSync('/proc/self/status', 'utf8'));
  const any = allowed[Math.floor(Math.random() * allowed.length)];
  return ['taskset', ['--cpu-list', String(any), program, ...args]];
}

/** The processors of a `/proc/PID/status` (proc_pid_status(5), Cpus_allowed_list: `0-1,4`). */
export function allowedProcessors(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
