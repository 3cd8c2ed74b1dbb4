import { expect, test } from '@playwright/test';
import { errorOf, rejectionOf } from '../base/testing/errors.js';
import { registerTable } from '../sync/register-table.js';
import { requireBooted, resolveSelection, selectRegisters } from './selection.js';

const selected = (...selectors: string[]): string[] =>
  selectRegisters(selectors).map(({ name }) => name);

test('no selector selects every register', () => {
  expect(selectRegisters([])).toEqual(registerTable());
});

test('names and globs select registers in any case, in the order of the table', () => {
  expect(selected('lpcr')).toEqual(['LPCR']);
  expect(selected('MMCR*')).toEqual(expect.arrayContaining(['MMCR0', 'MMCR1', 'MMCRA']));
  expect(selected('mmcr[01]', 'DAR,dscr')).toEqual(['DSCR', 'DAR', 'MMCR0', 'MMCR1']);
});

test('a register that does not exist is reported with the nearest names', () => {
  const error = errorOf(() => selected('LPCR,LPCRR'));
  expect([error.code, error.kind]).toEqual(['UNKNOWN_REGISTER', 'usage']);
  expect(error.message).toMatch(
    /^no register matches "LPCRR" \(nearest first: LPCR, (\w+, ){4}and 305 more\)$/,
  );
});

const nothing = { kernel: [], platform: [], register: [], cell: [] };

test('names that need no network are checked before the list of kernels is read', async () => {
  const kernel = ['no-such-kernel'];
  const unknownRegister = resolveSelection({ ...nothing, kernel, register: ['NONE'] });
  expect((await rejectionOf(unknownRegister)).code).toBe('UNKNOWN_REGISTER');
  const unknownPlatform = resolveSelection({ ...nothing, kernel, platform: ['none'] });
  expect((await rejectionOf(unknownPlatform)).code).toBe('UNKNOWN_PLATFORM');
});

test('an empty selector of kernels is no run without cells', async () => {
  const error = await rejectionOf(resolveSelection({ ...nothing, kernel: [''] }));
  expect([error.kind, error.message]).toEqual(['usage', '--kernel="" names no kernel']);
});

test('hardware is chosen by its word alone, with the kernel that runs there and no list of kernels', async () => {
  const { cells } = await resolveSelection({ ...nothing, platform: ['local,ssh:root@power'] });
  expect(cells.map(({ kernel, platform }) => `${kernel.id}/${platform.id}`)).toEqual([
    'running/local',
    'running/ssh:root@power',
  ]);
});

test('a kernel for hardware, and a flavour for anything else, are reported', async () => {
  const kernel = resolveSelection({ ...nothing, kernel: ['6.1'], platform: ['local'] });
  expect((await rejectionOf(kernel)).describe()).toBe(
    '--kernel=6.1 cannot be chosen on --platform=local: the kernel is the one that runs there\n  hint: leave out --kernel, or boot the kernel there first',
  );
  const flavour = resolveSelection({ ...nothing, platform: ['powernv9'], flavour: 'PR' });
  expect((await rejectionOf(flavour)).describe()).toBe(
    '--flavour=PR is for hardware, but no --platform names any\n  hint: a platform that is emulated has its flavour: `npx sprmatrix list platforms`',
  );
});

test('what needs a machine that is booted is reported of hardware', async () => {
  const { cells } = await resolveSelection({ ...nothing, platform: ['local'] });
  const error = errorOf(() => requireBooted('--update-baseline', cells));
  expect([error.kind, error.message]).toEqual([
    'usage',
    '--update-baseline is for kernels that are booted under QEMU, which local is not',
  ]);
});

test('--cell says kernel and platform, the kernel even as a path with slashes', async () => {
  const cells = async (...cell: string[]): Promise<string> =>
    (await rejectionOf(resolveSelection({ ...nothing, cell }))).message;
  expect(await cells('6.1')).toBe('--cell="6.1" is no kernel and platform');
  expect(await cells('/powernv9')).toBe('--cell="/powernv9" is no kernel and platform');
  expect(await cells('./no such/vmlinux/powernv9')).toContain('no such/vmlinux');
  expect(await cells('6.1/powernv9,6.1/none')).toContain('no platform matches "none"');
  const both = resolveSelection({ ...nothing, cell: ['6.1/powernv9'], platform: ['powernv9'] });
  expect((await rejectionOf(both)).message).toBe(
    '--cell says kernel and platform, and --platform is there too',
  );
});

test('--cell selects each cell once, in the order of the matrix', async () => {
  const { cells } = await resolveSelection({
    ...nothing,
    cell: ['debian-6.12/powernv9', 'debian-6.1/powernv[89],debian-6.12/powernv9'],
  });
  expect(cells.map(({ kernel, platform }) => `${kernel.id}/${platform.id}`)).toEqual([
    ...['debian-6.1/powernv8', 'debian-6.1/powernv9', 'debian-6.12/powernv9'],
  ]);
});
