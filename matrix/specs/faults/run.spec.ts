import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRecord } from '../../../harness/record/record-files.js';
import { registerTable } from '../../../harness/sync/register-table.js';
import type { CliProcess } from '../../../fixtures/cli-process.js';
import { testQemu } from './booted.js';
import {
  hasRecord,
  isQemu,
  qemusBelow,
  qemusOf,
  runCli,
  startCli,
  startTests,
  until,
} from '../../../fixtures/cli-process.js';
import { onTmpfs } from '../../../fixtures/small-disk.js';

const FIRST = 'debian-6.1/powernv9';
const SECOND = 'debian-6.1/pseries-p9-nested';
const ONE_CELL = ['run', '--kernel=debian-6.1', '--platform=pseries-p9-nested'];
const TWO_CELLS = ['run', '--kernel=debian-6.1', '--platform=powernv9,pseries-p9-nested'];

/**
 * Two cells, one after the other, at the moment when the first is recorded and the second boots. They are
 * booted: where a restored machine ends, its cell starts again from a boot.
 */
async function startTwoCells(out: string): Promise<{ cli: CliProcess; qemus: number[] }> {
  const cli = startCli([...TWO_CELLS, '--jobs=1', '--cold', '--out', out]);
  await until('the first record', () => hasRecord(out, FIRST));
  await until('the second QEMU', () => qemusOf(cli.pid).length > 0);
  return { cli, qemus: qemusOf(cli.pid) };
}

async function expectWholeRecord(out: string, cell: string): Promise<void> {
  const names = registerTable().map(({ name }) => name);
  const record = await readRecord(join(out, 'records', `${cell}.json`), names);
  expect(Object.keys(record.registers)).toEqual(names);
}

test('a QEMU that is killed costs its own cell alone: exit 3, the other record whole', async () => {
  const out = test.info().outputPath('out');
  const { cli, qemus } = await startTwoCells(out);
  for (const pid of qemus) process.kill(pid, 'SIGKILL');
  const { exitCode, stderr } = await cli.result;
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`${SECOND}: QEMU ended by SIGKILL in the middle of its work\n`);
  expect(stderr).toContain(
    `again: npx sprmatrix run --kernel=debian-6.1 --platform=pseries-p9-nested --cold --out=${out}\n`,
  );
  await expectWholeRecord(out, FIRST);
  expect(hasRecord(out, SECOND)).toBe(false);
});

test('Ctrl-C stops the machines: exit 3, finished records whole, no QEMU left', async () => {
  const out = test.info().outputPath('out');
  const { cli, qemus } = await startTwoCells(out);
  process.kill(cli.pid, 'SIGINT');
  const { exitCode, stderr } = await cli.result;
  expect(exitCode).toBe(3);
  expect(stderr).toContain('sprmatrix: SIGINT: stopping the machines (once more ends at once)\n');
  expect(stderr).toContain(`${SECOND}: not recorded: interrupted\n`);
  await expectWholeRecord(out, FIRST);
  expect(qemus.filter(isQemu)).toEqual([]);
});

test('Ctrl-C in npm test stops the machines at once: exit 3, no QEMU left', async () => {
  const tests = startTests([
    ...TWO_CELLS.slice(1),
    '--cold',
    '--out',
    test.info().outputPath('out'),
  ]);
  await until('two QEMUs', () => qemusBelow(tests.pid).length === 2);
  const qemus = qemusBelow(tests.pid);
  process.kill(-tests.pid, 'SIGINT');
  const { exitCode } = await tests.result;
  expect(exitCode).toBe(3);
  // A cell takes several seconds more when it is left to itself.
  await until('the end of QEMU', () => qemus.every((pid) => !isQemu(pid)), 1000);
});

test('a harness that is killed takes its QEMU with it', async () => {
  const out = test.info().outputPath('out');
  const { cli, qemus } = await startTwoCells(out);
  process.kill(cli.pid, 'SIGKILL');
  await cli.result;
  await until('the end of QEMU', () => qemus.every((pid) => !isQemu(pid)), 5000);
  await expectWholeRecord(out, FIRST);
});

test('a full disk is reported with path and errno, and leaves no half-written record', async () => {
  // Room for the console's log, not for a record of 310 rows.
  await onTmpfs(64 * 1024, async (out) => {
    const { exitCode, stderr } = await runCli([...ONE_CELL, '--out', out]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `${SECOND}: ${out}/records/${SECOND}.json: record not written: ENOSPC (no space left on device); nothing half-written is left\n`,
    );
    expect(stderr).toContain('hint: make room, or choose another folder with --out\n');
    expect(await readdir(join(out, 'records/debian-6.1'))).toEqual([]);
  });
});

test('a missing QEMU is reported with where to get it', async () => {
  const { exitCode, stderr } = await runCli(ONE_CELL, { SPRMATRIX_QEMU: '/nowhere/qemu' });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('sprmatrix: no QEMU: /nowhere/qemu is not there\n');
  expect(stderr).toContain(
    "hint: run `npm run setup`, or install Debian's package qemu-system-ppc, or name another QEMU with SPRMATRIX_QEMU\n",
  );
});

test('a QEMU that is too old for every cell is reported with its version, and fails the run', async () => {
  const qemu = test.info().outputPath('qemu');
  await writeFile(qemu, '#!/bin/sh\necho "QEMU emulator version 6.2.0"\n', { mode: 0o755 });
  const out = test.info().outputPath('out');
  const { exitCode, stderr } = await runCli([...ONE_CELL, '--out', out], { SPRMATRIX_QEMU: qemu });
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    `skipped: ${SECOND}: cannot run: needs QEMU 7.2 or newer; ${qemu} is 6.2.0; `,
  );
});

/** A QEMU of the test's own: it does what `lines` of shell say, else what the real one does. */
async function writeQemu(...lines: string[]): Promise<string> {
  const path = test.info().outputPath('qemu');
  const qemu = await testQemu('pseries-p9-nested');
  const script = ['#!/bin/sh', ...lines, `exec "${qemu.path}" "$@"`, ''].join('\n');
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

const TWO_QEMUS = [
  [...ONE_CELL],
  ['migrate', '--from=debian-6.1', '--to=debian-6.12', '--platform=pseries-p9-nested'],
];
for (const command of TWO_QEMUS) {
  test(`Ctrl-C ends ${command[0]} under several QEMUs: exit 3, no other begins, none is left`, async () => {
    const { path: first, version } = await testQemu('pseries-p9-nested');
    const out = test.info().outputPath('out');
    const qemus = [`--qemu=${first}`, `--qemu=${await writeQemu()}`];
    const cli = startCli([...command, ...qemus, '--cold', '--out', out]);
    // Before it boots a machine, a QEMU says its version.
    const console = join(out, `qemu-${version}-1/logs/${SECOND}/console.log`);
    await until('a machine', () => existsSync(console) && qemusOf(cli.pid).length > 0);
    const running = qemusOf(cli.pid);
    process.kill(cli.pid, 'SIGINT');
    const { exitCode, stderr } = await cli.result;
    expect(exitCode).toBe(3);
    // Each begins with a line that names it.
    const begun = stderr.match(/^qemu .*: \S+$/gim) ?? [];
    expect(begun.map((line) => line.split(': ')[1])).toEqual([first]);
    expect([...running, ...qemusOf(cli.pid)].filter(isQemu)).toEqual([]);
  });
}

test('a panic on one cell costs that cell alone: exit 3, the other record whole', async () => {
  const out = test.info().outputPath('out');
  const qemu = await writeQemu(
    'case "$*" in *powernv9*) set -- "$@" -append "console=hvc0 rdinit=/nothing panic=-1" ;; esac',
  );
  const { exitCode, stderr } = await runCli([...TWO_CELLS, '--out', out], { SPRMATRIX_QEMU: qemu });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    new RegExp(`${FIRST}: the kernel under test failed: .*Kernel panic - not syncing: VFS: `),
  );
  await expectWholeRecord(out, SECOND);
  expect(hasRecord(out, FIRST)).toBe(false);
});

test('a powernv kernel that keeps /dev/mem from the agent boots once more, with a virtio port', async () => {
  const out = test.info().outputPath('out');
  // Without mem= the mailbox lies in the kernel's own memory, which CONFIG_STRICT_DEVMEM guards.
  const qemu = await writeQemu(
    'case "$*" in *--mailbox=*) set -- "$@" -append "console=hvc0 quiet panic=-1 -- --mailbox=0x3f000000" ;; esac',
  );
  const { exitCode, stderr } = await runCli(
    ['run', '--kernel=debian-6.1', '--platform=powernv9', '--out', out],
    { SPRMATRIX_QEMU: qemu },
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(
    `${FIRST}: the kernel under test failed: sprmatrix-agent: fatal: no channel: map 0x3f000000: Operation not permitted; it boots once more with a virtio port\n`,
  );
  await expectWholeRecord(out, FIRST);
  const command = await readFile(join(out, 'logs', FIRST, 'command.txt'), 'utf8');
  expect(command).toContain('virtserialport');
});

test('a QEMU that lacks the machine or the CPU is reported in its own words', async () => {
  const out = test.info().outputPath('out');
  for (const [option, words] of [
    ['-M powernv99', 'unsupported machine type'],
    ['-cpu POWER99', "unable to find CPU model 'POWER99'"],
  ]) {
    const qemu = await writeQemu(`case "$*" in *pseries*) set -- "$@" ${option} ;; esac`);
    const { exitCode, stderr } = await runCli([...ONE_CELL, '--out', out], {
      SPRMATRIX_QEMU: qemu,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${SECOND}: QEMU ended with status 1 in the middle of its work\n`);
    expect(stderr).toContain(words);
  }
});
