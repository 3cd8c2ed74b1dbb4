import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { hasRecord, runCli } from '../../../fixtures/cli-process.js';
import { temporaryFolder } from '../../../harness/base/testing/temporary-folder.js';
import { readBaseline } from '../../../harness/judge/baseline.js';
import { testQemu } from './booted.js';

const CELL = 'debian-6.1/pseries-p9-nested';
const RUN = ['run', '--kernel=debian-6.1', '--platform=pseries-p9-nested', '--register=LPCR'];
const VERSION = '[ "$1" = --version ] && { echo "QEMU emulator version 10.0.2"; exit; }';

/** A program that is named as QEMU, the lines of its script, and how what is reported begins and ends. */
const NO_QEMU: readonly (readonly [
  what: string,
  lines: string[],
  message: string,
  hint: string,
])[] = [
  [
    'emulates no ppc64',
    [VERSION, "printf 'Supported machines are:\\npc  a\\n'"],
    'emulates no ppc64: pseries is not among its machines',
    'name a qemu-system-ppc64',
  ],
  [
    'crashes at its start',
    [VERSION, 'kill -SEGV $$'],
    'says its version (10.0.2) and no machines',
    'does it run at all?',
  ],
  [
    'says no version',
    ['echo "BusyBox v1.36"'],
    '--version names no version',
    'run `npm run setup`, or install',
  ],
];
for (const [what, lines, message, hint] of NO_QEMU) {
  test(`a QEMU that ${what} is reported before anything is booted: exit 3`, async () => {
    const qemu = test.info().outputPath('qemu');
    await writeFile(qemu, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    const out = test.info().outputPath('out');
    const { exitCode, stdout, stderr } = await runCli([...RUN, `--qemu=${qemu}`, '--out', out]);
    expect([exitCode, stdout], stderr).toEqual([3, '']);
    expect(stderr.split('\n')[0]).toBe(`sprmatrix: ${qemu} ${message}`);
    expect(stderr).toContain(`\n  hint: ${hint}`);
    expect(hasRecord(out, CELL)).toBe(false);
  });
}

test('a script that waits for its QEMU is told to become it, and nothing is judged: exit 3', async () => {
  const { path } = await testQemu('pseries-p9-nested');
  const qemu = test.info().outputPath('qemu');
  await writeFile(qemu, `#!/bin/sh\n${path} "$@"\nexit $?\n`, { mode: 0o755 });
  const out = test.info().outputPath('out');
  const { exitCode, stderr } = await runCli([...RUN, `--qemu=${qemu}`, '--out', out]);
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toContain(
    `${qemu} starts QEMU as a process of its own and waits for it, so that QEMU would outlive a harness that is killed\n`,
  );
  expect(stderr).toContain(
    '  hint: let the script become QEMU: exec qemu-system-ppc64 "$@"; --no-calibration judges as if',
  );
  expect(hasRecord(out, CELL)).toBe(false);
});

test('a developer’s build is calibrated once under the version that it says', async () => {
  const { path } = await testQemu('pseries-p9-nested');
  const baseline = await readBaseline('debian-6.1', 'pseries-p9-nested');
  if (baseline === undefined) throw new Error(`${CELL} has no baseline`);
  await using folder = await temporaryFolder();
  const qemu = join(folder.path, 'qemu');
  const said = 'QEMU emulator version 10.0.50 (v10.0.0-1234-gabcdef)';
  // Known by its content, and by nobody: the folder is another one each time.
  const lines = ['#!/bin/sh', `# ${qemu}`, `[ "$1" = --version ] && { echo "${said}"; exit; }`];
  await writeFile(qemu, [...lines, `exec ${path} "$@"`, ''].join('\n'), { mode: 0o755 });
  const out = test.info().outputPath('out');
  const { exitCode, stderr } = await runCli([...RUN, `--qemu=${qemu}`, '--out', out]);
  expect(exitCode, stderr).toBe(0);
  expect(stderr.match(/^.*\(QEMU 10\.0\.50\).*$/gm)?.map((line) => line.split(qemu)[1])).toEqual([
    ' (QEMU 10.0.50) was not measured: it is calibrated with debian-6.1',
    ` (QEMU 10.0.50) answers as QEMU ${baseline.machine.qemu ?? ''} (control: debian-6.1)`,
  ]);
  expect(hasRecord(out, CELL)).toBe(true);
});
