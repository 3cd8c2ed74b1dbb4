import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFrame } from '../../agent/frame.js';
import { PROTOCOL_ANSWER, RequestType } from '../../agent/protocol.js';
import type { QemuBinary } from '../qemu-binary.js';

const HELLO = [
  'protocol=1',
  'release=6.1.0-50-powerpc64le',
  'version=#1 SMP',
  'byte-order=little',
  'page-size=65536',
  'uptime=1234',
].join('\n');

/** Shell: sends the agent's hello on the channel. */
export const SAY_HELLO = sayFrame(RequestType.HELLO, HELLO);

/** Shell: sends an answer without a request on the channel. */
export function sayFrame(request: number, text: string): string {
  const payload = Buffer.from(text);
  const frame = encodeFrame({ type: request | PROTOCOL_ANSWER, sequence: 0, payload });
  return `echo ${frame.toString('base64')} | base64 -d >&4`;
}

/** Shell: reads the monitor's socket and ends when it is asked to quit. */
export const OBEY_QUIT = 'while read -r line <&3; do case $line in *quit*) exit 0;; esac; done';

/** Shell: does nothing for longer than any test lasts. */
export const HANG = 'exec sleep 600';

/** A program that plays QEMU: the shell script of `lines`, with the monitor at 3, the channel at 4. */
export async function fakeQemu(folder: string, ...lines: string[]): Promise<QemuBinary> {
  const path = join(folder, 'qemu-system-ppc64');
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  return { path, version: '7.2.22' };
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the state follows it.
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false; // no such process
  }
}
