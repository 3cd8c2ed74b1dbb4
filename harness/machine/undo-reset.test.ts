import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import koffi from 'koffi';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { openGuestMemory } from './guest-memory.js';
import { fakeMonitor } from './testing/fake-monitor.js';
import { undoReset } from './undo-reset.js';

const PAGE = 4096;
const PAGES = 64;
/** Of mmap(2). */
const [PROT_READ_WRITE, MAP_PRIVATE] = [3, 2];

const libc = koffi.load('libc.so.6');
const mmap = libc.func('uintptr_t mmap(uintptr_t, size_t, int, int, int, long)');
const munmap = libc.func('int munmap(uintptr_t, size_t)');

/** This process, as a QEMU whose memory is a private mapping of a file of pages 0, 1, 2... */
async function machineOf(folder: string): Promise<
  Disposable & {
    readonly path: string;
    readonly host: Parameters<typeof undoReset>[0];
    readonly base: number;
  }
> {
  const path = join(folder, 'ram');
  const content = Buffer.concat(Array.from({ length: PAGES }, (_, at) => Buffer.alloc(PAGE, at)));
  await writeFile(path, content);
  const fd = openSync(path, 'r');
  const base = Number(mmap(0, content.length, PROT_READ_WRITE, MAP_PRIVATE, fd, 0));
  closeSync(fd);
  const { monitor } = fakeMonitor({
    'human-monitor-command': () =>
      `Host virtual address for 0x0 (ram) is 0x${base.toString(16)}\r\n`,
  });
  return {
    ...{ path, base, host: { pid: process.pid, monitor } },
    [Symbol.dispose]: () => {
      munmap(base, content.length);
    },
  };
}

test("pages that were written since a file was mapped are the file's again, and no other is touched", async () => {
  await using folder = await temporaryFolder();
  using machine = await machineOf(folder.path);
  expect(await undoReset(machine.host, machine.path)).toBe(0);
  const memory = await openGuestMemory(process.pid, machine.host.monitor, 0);
  memory.write(5 * PAGE + 8, Buffer.from('a device tree'));
  memory.write(40 * PAGE - 1, Buffer.from('of two pages'));
  expect(await undoReset(machine.host, machine.path)).toBe(3);
  const read = Buffer.alloc(PAGES * PAGE);
  memory.read(0, read);
  memory.close();
  for (let page = 0; page < PAGES; page += 1) {
    const bytes = read.subarray(page * PAGE, (page + 1) * PAGE);
    expect(bytes.equals(Buffer.alloc(PAGE, page))).toBe(true);
  }
});

test('memory that QEMU does not have is an error with its words', async () => {
  const { monitor } = fakeMonitor({
    'human-monitor-command': () => 'No memory is mapped at address 0x3f000000\r\n',
  });
  await expect(openGuestMemory(process.pid, monitor, 0x3f000000)).rejects.toMatchObject({
    code: 'GUEST_MEMORY',
    message:
      "the machine's memory at 0x3f000000 cannot be reached: QEMU says: No memory is mapped at address 0x3f000000",
  });
});
