import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { QemuProcess } from './qemu-process.js';
import { fakeQemu, HANG, isRunning, OBEY_QUIT } from './testing/fake-qemu.js';

async function started(folder: string, ...script: string[]): Promise<QemuProcess> {
  const { path } = await fakeQemu(folder, ...script);
  return QemuProcess.start(path, ['-m', '1 G'], join(folder, 'qemu.log'));
}

/** The next chunk of a stream as text. */
async function textFrom(stream: Readable): Promise<string> {
  const [chunk] = (await once(stream, 'data')) as [Buffer];
  return chunk.toString();
}

test('QEMU gets its arguments as they are, its console is its standard output', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, 'echo "$1|$2"');
  expect(await textFrom(qemu.console)).toBe('-m|1 G\n');
  expect(await qemu.exited).toEqual({ code: 0, signal: undefined });
});

test('the channel goes both ways', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, 'read -r line <&4', 'echo "got $line" >&4');
  qemu.console.resume();
  qemu.channel.write('ping\n');
  expect(await textFrom(qemu.channel)).toBe('got ping\n');
  await qemu.exited;
});

test('QEMU is asked to quit, and does', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, OBEY_QUIT, 'exit 9');
  qemu.console.resume();
  expect(await qemu.quit(60_000)).toEqual({ code: 0, signal: undefined });
});

test('a QEMU that does not quit is killed, with all that it has started', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, 'sleep 600 &', 'echo $$ $!', HANG);
  const pids = (await textFrom(qemu.console)).trim().split(' ').map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  expect(await qemu.quit(20)).toEqual({ code: undefined, signal: 'SIGKILL' });
  await expect.poll(() => pids.filter(isRunning)).toEqual([]);
});

test('quitting and killing what has ended is no error', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, 'exit 3');
  qemu.console.resume();
  expect(await qemu.exited).toEqual({ code: 3, signal: undefined });
  qemu.kill();
  expect(await qemu.quit()).toEqual({ code: 3, signal: undefined });
});

test('what QEMU complains of is in its log, and its last ten lines at hand', async () => {
  await using folder = await temporaryFolder();
  const qemu = await started(folder.path, 'seq 1 12 >&2; exit 1');
  qemu.console.resume();
  await qemu.exited;
  const lines = Array.from({ length: 12 }, (_, index) => String(index + 1));
  expect(qemu.stderrTail).toEqual(lines.slice(2));
  await expect
    .poll(async () => readFile(join(folder.path, 'qemu.log'), 'utf8'))
    .toBe(`${lines.join('\n')}\n`);
});

test('a QEMU that is not there ends at once, and says so', async () => {
  await using folder = await temporaryFolder();
  const qemu = await QemuProcess.start('/nowhere/qemu', [], join(folder.path, 'qemu.log'));
  qemu.console.resume();
  expect((await qemu.exited).code).toBe(127);
  expect(qemu.stderrTail.join('\n')).toContain('/nowhere/qemu');
});

test('without setpriv no QEMU is started', async () => {
  await using folder = await temporaryFolder();
  const former = process.env['PATH'];
  process.env['PATH'] = folder.path;
  try {
    const start = QemuProcess.start('/bin/true', [], join(folder.path, 'qemu.log'));
    const error = await rejectionOf(start);
    expect([error.code, error.message, error.hint]).toEqual([
      'QEMU_NOT_STARTED',
      '/bin/true could not be started: no setpriv, which ends it with the harness',
      "run `npm run setup`, or install Debian's package util-linux",
    ]);
  } finally {
    process.env['PATH'] = former;
  }
});

test('QEMU ends with a harness that is killed', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, 'echo $$', HANG);
  const module = JSON.stringify(repositoryPath('dist/harness/machine/qemu-process.js'));
  const program = `
    import { QemuProcess } from ${module};
    const qemu = await QemuProcess.start(${JSON.stringify(path)}, [], '/dev/null');
    qemu.console.pipe(process.stdout);
  `;
  const harness = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await textFrom(harness.stdout));
  expect(isRunning(pid)).toBe(true);
  harness.kill('SIGKILL');
  await expect.poll(() => isRunning(pid)).toBe(false);
});
