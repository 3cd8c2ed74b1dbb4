import { open } from 'node:fs/promises';
import { SprmatrixError } from '../base/error.js';
import { openGuestMemory } from './guest-memory.js';
import type { HostProcess } from './host-process.js';

/** Of the machine that QEMU runs on: what /proc/PID/pagemap counts in. */
const PAGE_BYTES = 4096;
/** Bits of a pagemap entry (the kernel's Documentation/admin-guide/mm/pagemap.rst). */
const IS_PRESENT = 1n << 63n;
const IS_SWAPPED = 1n << 62n;
const IS_OF_FILE = 1n << 61n;

/**
 * Gives a machine whose memory is a private mapping of a file, and that was not started yet, the file's
 * content back where QEMU has written. It resets each machine at its start, and that of powernv writes
 * its device tree to 16 MiB (QEMU's hw/ppc/pnv.c, pnv_reset), where Linux has its data; a state that
 * leaves memory out does not mend it. Returns the number of pages. Errors: `GUEST_MEMORY`, `QMP_FAILED`,
 * those of reading.
 */
export async function undoReset(
  host: Pick<HostProcess, 'pid' | 'monitor'>,
  path: string,
): Promise<number> {
  const memory = await openGuestMemory(host.pid, host.monitor, 0);
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const pages = await privatePages(host.pid, memory.base, size);
    const page = Buffer.alloc(PAGE_BYTES);
    for (const index of pages) {
      await file.read(page, 0, PAGE_BYTES, index * PAGE_BYTES);
      memory.write(index * PAGE_BYTES, page);
    }
    return pages.length;
  } finally {
    memory.close();
  }
}

/** Which pages of a process's private mapping are no longer the file's. */
async function privatePages(pid: number, base: number, size: number): Promise<number[]> {
  await using pagemap = await open(`/proc/${pid}/pagemap`);
  const entries = new BigUint64Array(size / PAGE_BYTES);
  const bytes = Buffer.from(entries.buffer);
  const { bytesRead } = await pagemap.read(bytes, 0, bytes.length, (base / PAGE_BYTES) * 8);
  if (bytesRead !== bytes.length) {
    throw new SprmatrixError({
      code: 'GUEST_MEMORY',
      message: `the pages of process ${pid} cannot be read: /proc/${pid}/pagemap ends early`,
    });
  }
  const pages: number[] = [];
  entries.forEach((entry, index) => {
    const isThere = (entry & (IS_PRESENT | IS_SWAPPED)) !== 0n;
    if (isThere && (entry & IS_OF_FILE) === 0n) pages.push(index);
  });
  return pages;
}
