import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { messageOf, SprmatrixError } from '../base/error.js';
import type { QmpMonitor } from './qmp.js';

/** A part of a machine's physical memory, read and written while it runs. */
export interface GuestMemory {
  /** Where it is in QEMU's process. */
  readonly base: number;
  /** Fills `bytes` from `offset` on. */
  readonly read: (offset: number, bytes: Buffer) => void;
  readonly write: (offset: number, bytes: Buffer) => void;
  readonly close: () => void;
}

/**
 * Opens the memory of a QEMU, a child of this process, from a physical address on, through
 * /proc/PID/mem: a restored machine's memory is its process's own, whatever file it came from. QEMU's
 * monitor tells where that is in the process (gpa2hva, QEMU's hmp-commands.hx). Errors: `QMP_FAILED`,
 * `GUEST_MEMORY`.
 */
export async function openGuestMemory(
  pid: number,
  monitor: QmpMonitor,
  address: number,
): Promise<GuestMemory> {
  const command = `gpa2hva ${hex(address)}`;
  const answer = await monitor.execute('human-monitor-command', { 'command-line': command });
  // Host virtual address for 0x3f000000 (pnv.ram) is 0x7f0e7f000000
  const base = Number(/ is (0x[0-9a-f]+)/.exec(String(answer))?.[1]);
  if (Number.isNaN(base)) throw memoryError(address, `QEMU says: ${String(answer).trim()}`);
  const path = `/proc/${pid}/mem`;
  let fd: number;
  try {
    fd = openSync(path, 'r+');
  } catch (error) {
    throw memoryError(address, messageOf(error));
  }
  return {
    base,
    read: (offset, bytes) => {
      readSync(fd, bytes, 0, bytes.length, base + offset);
    },
    write: (offset, bytes) => {
      writeSync(fd, bytes, 0, bytes.length, base + offset);
    },
    close: () => {
      closeSync(fd);
    },
  };
}

function memoryError(address: number, why: string): SprmatrixError {
  return new SprmatrixError({
    code: 'GUEST_MEMORY',
    message: `the machine's memory at ${hex(address)} cannot be reached: ${why}`,
    hint: 'the harness reads and writes /proc/PID/mem of the QEMU that it started: is that forbidden here (kernel.yama.ptrace_scope)?',
  });
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
