import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CliResult } from '../../../fixtures/cli-process.js';
import { hasRecord, runCli } from '../../../fixtures/cli-process.js';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { parseRecord } from '../../../harness/record/parse-record.js';
import { testQemu } from '../faults/booted.js';

const PLATFORM = 'pseries-p9-nested';

/** A script that says to be a QEMU that nobody measured, and then does `lines` with $qemu, one that is there. */
async function wrapper(folder: string, ...lines: string[]): Promise<string> {
  const { path } = await testQemu(PLATFORM);
  const script = join(folder, 'qemu');
  const text = [
    '#!/bin/sh',
    // A QEMU is known by its content: this one by nobody.
    `# ${folder}`,
    `qemu='${path}'`,
    '[ "$1" = --version ] && { echo "QEMU emulator version 12.0.0"; exit; }',
    ...[...lines, ''],
  ];
  await writeFile(script, text.join('\n'), { mode: 0o755 });
  return script;
}

const run = async (qemu: string, out: string, ...more: string[]): Promise<CliResult> =>
  runCli(['run', `--platform=${PLATFORM}`, `--qemu=${qemu}`, `--out=${out}`, '--jobs=1', ...more]);

test('what a QEMU of another version and another CPU answers is the emulator’s, for other kernels than the control too', async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, 'out');
  const qemu = await wrapper(
    folder.path,
    'for word; do',
    '  shift',
    '  [ "$word" = POWER9 ] && word=POWER10',
    '  set -- "$@" "$word"',
    'done',
    'exec "$qemu" "$@"',
  );
  // 6.1 has no DEXCR: of 6.12's its answers say nothing, so that another control is asked.
  for (const kernel of ['debian-6.1', 'debian-6.12']) {
    const { exitCode, stdout, stderr } = await run(qemu, out, `--kernel=${kernel}`);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
    const said = stderr.match(/^.*answers otherwise than QEMU .*$/gm) ?? [];
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^pseries-p9-nested: \S+ \(QEMU 12\.0\.0\) answers otherwise than QEMU [\d.]+ in .*\bMMCR3, SIER2\b.*; that is the emulator's, not the kernel's/,
    );
    expect(said[0]).toContain(`(control: ${kernel})`);
    const path = join(out, 'records', kernel, `${PLATFORM}.json`);
    const { calibration } = parseRecord(await readFile(path, 'utf8'), path);
    expect(Object.keys(calibration?.differs.registers ?? {})).toContain('MMCR3');
  }
  // 6.12 has all that 6.1 has: it is not asked again for that.
  const kernels = '--kernel=debian-6.1,debian-6.12';
  const both = await run(qemu, out, kernels);
  expect(both.exitCode, both.stderr).toBe(0);
  expect(both.stderr).not.toContain('it is calibrated with');
  expect(both.stderr).toContain('(control: debian-6.12)');
  const judged = await run(qemu, out, kernels, '--no-calibration');
  expect(judged.exitCode, judged.stderr).toBe(1);
  expect(judged.stderr).toMatch(/^MMCR3 on debian-6\.12\/pseries-p9-nested: expected /m);
});

test('a control that hangs is a failure that says so: nothing is judged, and what was recorded stays', async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, 'out');
  const before = await runCli([
    ...['run', '--kernel=debian-6.1', `--platform=${PLATFORM}`, '--register=LPCR'],
    `--out=${out}`,
  ]);
  expect(before.exitCode, before.stderr).toBe(0);
  // -S: the machine is there, and its processor never starts.
  const qemu = await wrapper(
    folder.path,
    'case "$*" in *-kernel*) exec "$qemu" "$@" -S;; esac',
    'exec "$qemu" "$@"',
  );
  const { exitCode, stdout, stderr } = await run(qemu, out, '--kernel=debian-6.12', '--cold');
  expect(exitCode, stderr).toBe(3);
  expect(stdout).toContain('0 of 1 cell recorded, 0 skipped, 0 deviations, 1 failure');
  expect(stderr).toContain(
    `${PLATFORM}: ${qemu} (QEMU 12.0.0) cannot be calibrated: its control debian-6.12 gave no answer: `,
  );
  expect(stderr).toMatch(
    / {2}hint: .*--no-calibration judges as if it were the QEMU of the baselines/,
  );
  expect(stderr).toContain(`${out}/calibration/logs/debian-6.12/${PLATFORM}/console.log`);
  expect(hasRecord(out, `debian-6.12/${PLATFORM}`)).toBe(false);
  expect(hasRecord(out, `debian-6.1/${PLATFORM}`)).toBe(true);
});
