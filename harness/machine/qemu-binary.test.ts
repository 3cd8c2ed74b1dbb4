import { expect, test } from '@playwright/test';
import { errorOf, rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { findQemu, requireQemuVersion } from './qemu-binary.js';
import { fakeQemu } from './testing/fake-qemu.js';

const HINT =
  "run `npm run setup`, or install Debian's package qemu-system-ppc, or name another QEMU with SPRMATRIX_QEMU";
const former = process.env['SPRMATRIX_QEMU'];

test.afterEach(() => {
  if (former === undefined) delete process.env['SPRMATRIX_QEMU'];
  else process.env['SPRMATRIX_QEMU'] = former;
});

const VERSIONS: [string, string][] = [
  ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)', '7.2.22'],
  ['QEMU emulator version 10.0.2', '10.0.2'],
  ['QEMU emulator version 9.2.50 (v9.2.0-1-gdeadbeef)', '9.2.50'],
];
for (const [text, version] of VERSIONS) {
  test(`QEMU is found with its version: ${text}`, async () => {
    await using folder = await temporaryFolder();
    const { path } = await fakeQemu(folder.path, `[ "$*" = --version ] && echo '${text}'`);
    expect(await findQemu(path)).toEqual({ path, version });
  });
}

test('SPRMATRIX_QEMU names the QEMU, unless the caller does', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, "echo 'QEMU emulator version 8.0.0'");
  process.env['SPRMATRIX_QEMU'] = path;
  expect(await findQemu()).toEqual({ path, version: '8.0.0' });
  expect((await rejectionOf(findQemu('/nowhere/qemu'))).message).toContain('/nowhere/qemu');
});

test('a QEMU that is not there is reported with where to get it', async () => {
  process.env['SPRMATRIX_QEMU'] = '/nowhere/qemu';
  const error = await rejectionOf(findQemu());
  expect([error.code, error.kind]).toEqual(['QEMU_MISSING', 'harness']);
  expect(error.describe()).toBe(`no QEMU: /nowhere/qemu is not there\n  hint: ${HINT}`);
});

test('a program that tells no version is reported with what it said', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, 'printf "busybox v1\\na\\nb\\nc\\n"');
  const error = await rejectionOf(findQemu(path));
  expect([error.code, error.message, error.evidence, error.hint]).toEqual([
    'QEMU_UNREADABLE',
    `${path} --version names no version`,
    ['busybox v1', 'a', 'b'],
    HINT,
  ]);
});

test('a QEMU that fails is reported with what it said', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, 'echo libfdt.so.1: not found >&2; exit 127');
  const error = await rejectionOf(findQemu(path));
  expect([error.code, error.message, error.evidence]).toEqual([
    'TOOL_FAILED',
    `${path} failed (exit 127): ${path} --version`,
    ['libfdt.so.1: not found'],
  ]);
});

test('a QEMU that is too old is reported with its version and the one that is needed', () => {
  const qemu = { path: '/usr/bin/qemu-system-ppc64', version: '6.2.9' };
  const error = errorOf(() => {
    requireQemuVersion(qemu, '7.2', 'platform powernv9');
  });
  expect([error.code, error.describe()]).toEqual([
    'QEMU_TOO_OLD',
    'platform powernv9 needs QEMU 7.2 or newer; /usr/bin/qemu-system-ppc64 is 6.2.9\n  hint: name a newer QEMU with SPRMATRIX_QEMU',
  ]);
});

for (const version of ['7.2.0', '7.2.22', '7.10.0', '10.0.0']) {
  test(`QEMU ${version} is new enough where 7.2 is needed`, () => {
    expect(() => {
      requireQemuVersion({ path: 'qemu', version }, '7.2', 'platform powernv9');
    }).not.toThrow();
  });
}
