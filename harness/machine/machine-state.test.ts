import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { loadState, saveState } from './machine-state.js';
import type { FakeMonitor } from './testing/fake-monitor.js';
import { fakeMonitor } from './testing/fake-monitor.js';

const STATE = Buffer.alloc(3 * 2 ** 20, 'state');

/** The socket that a command names. */
const socketOf = ({ uri }: Readonly<Record<string, unknown>>): string =>
  String(uri).replace(/^unix:/, '');

/** A QEMU that reads `bytes` of a state and hangs up, and says then how it went. */
function restoringQemu(bytes: number, status: 'completed' | 'failed'): FakeMonitor {
  const qemu = fakeMonitor({
    'migrate-incoming': (args) => {
      let read = 0;
      const server = createServer((socket) => {
        socket.on('data', (chunk) => {
          read += chunk.length;
          if (read < bytes) return;
          socket.destroy();
          server.close();
          qemu.tell('MIGRATION', { status });
          if (status === 'completed') qemu.tell('RESUME');
        });
        socket.on('error', () => undefined);
      }).listen(socketOf(args));
    },
  });
  return qemu;
}

test('what QEMU migrates, but for its memory, is in the file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state');
  const qemu = fakeMonitor({
    migrate: (args) => {
      connect(socketOf(args)).end(STATE, () => {
        qemu.tell('MIGRATION', { status: 'completed' });
      });
    },
    'migrate-set-capabilities': ({ capabilities }) => {
      expect(capabilities).toContainEqual({ capability: 'x-ignore-shared', state: true });
    },
  });
  await saveState(qemu.monitor, path);
  expect((await readFile(path)).equals(STATE)).toBe(true);
  expect(qemu.commands).toEqual(['qmp_capabilities', 'migrate-set-capabilities', 'migrate']);
});

test('a migration that fails leaves no machine that seems saved', async () => {
  await using folder = await temporaryFolder();
  const qemu = fakeMonitor({
    migrate: () => {
      qemu.tell('MIGRATION', { status: 'failed' });
    },
  });
  await expect(saveState(qemu.monitor, join(folder.path, 'state'))).rejects.toMatchObject({
    code: 'QMP_FAILED',
    message: "QEMU's monitor: the migration failed",
  });
});

test('a machine runs on when QEMU has all of its state, however early it hangs up', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state');
  await writeFile(path, STATE);
  for (const bytes of [STATE.length, STATE.length / 2]) {
    const qemu = restoringQemu(bytes, 'completed');
    await loadState(qemu.monitor, path);
    expect(qemu.commands.at(-1)).toBe('migrate-incoming');
  }
});

test('a state that QEMU refuses, and one that is not there, are errors', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'state');
  await writeFile(path, STATE);
  await expect(loadState(restoringQemu(1000, 'failed').monitor, path)).rejects.toMatchObject({
    code: 'QMP_FAILED',
    message: "QEMU's monitor: the migration failed",
  });
  const missing = join(folder.path, 'missing');
  await expect(loadState(restoringQemu(1, 'completed').monitor, missing)).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
