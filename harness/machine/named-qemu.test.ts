import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { namedQemu } from './named-qemu.js';
import { fakeQemu } from './testing/fake-qemu.js';

/** Shell: tells a version that a developer's build has, and the machines of `list`. */
function playQemu(...list: string[]): string {
  const machines = ['Supported machines are:', ...list].join('\\n');
  return `case "$*" in
    --version) echo 'QEMU emulator version 10.0.50 (v10.0.0-1234-gabcdef)';;
    '-machine help') printf '${machines}\\n';;
    *) exit 1;;
  esac`;
}

test('a developer’s build that emulates pseries is taken, with its version', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, playQemu('powernv9  x', 'pseries  y'));
  expect(await namedQemu(path)).toEqual({ path, version: '10.0.50' });
});

test('a QEMU of another architecture is reported with the machines that it has', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(folder.path, playQemu('microvm  a', 'pc  b'));
  const error = await rejectionOf(namedQemu(path));
  expect([error.code, error.kind]).toEqual(['QEMU_NOT_PPC64', 'harness']);
  expect(error.describe()).toBe(
    [
      `${path} emulates no ppc64: pseries is not among its machines`,
      '  evidence:',
      '    | microvm  a',
      '    | pc  b',
      '  hint: name a qemu-system-ppc64',
    ].join('\n'),
  );
});

test('a QEMU that crashes is reported with the signal', async () => {
  await using folder = await temporaryFolder();
  const { path } = await fakeQemu(
    folder.path,
    `[ "$1" = --version ] && { echo 'QEMU emulator version 10.0.2'; exit; }`,
    'echo half a word',
    'kill -SEGV $$',
  );
  const error = await rejectionOf(namedQemu(path));
  expect([error.code, error.kind]).toEqual(['QEMU_BROKEN', 'harness']);
  expect(error.describe()).toBe(
    [
      `${path} says its version (10.0.2) and no machines`,
      `  cause: ${path} failed (SIGSEGV): ${path} -machine help`,
      '  evidence:',
      '    | half a word',
      `  hint: does it run at all? ${path} -machine help`,
    ].join('\n'),
  );
});

test('a QEMU that is not there is reported as such', async () => {
  expect((await rejectionOf(namedQemu('/nowhere/qemu'))).message).toBe(
    'no QEMU: /nowhere/qemu is not there',
  );
});
