import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { SprmatrixError } from '../base/error.js';
import { rejectionOf } from '../base/testing/errors.js';
import type { KernelEntry } from './kernel-entry.js';
import { buildEntries } from './kernel-builds.js';
import { inIncompleteList, matchKernels, needsCatalogue, selectKernels } from './select-kernels.js';
import { BUILT_IN, fakeImage } from './testing/fake-elf.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

const entry = (id: string, version: string): KernelEntry => ({
  id,
  version,
  line: version.replace(/^([0-9]+\.[0-9]+).*/, '$1'),
  variant: /-(64k)$/.exec(id)?.[1] ?? '',
  source: { kind: 'debian', suite: 'sid', packages: [], older: [] },
});

/** In no particular order, as a list may come. */
const KERNELS = [
  entry('debian-7.3', '7.3-rc7'),
  entry('debian-6.12-64k', '6.12.95'),
  entry('debian-6.12', '6.12.95'),
  entry('debian-5.10', '5.10.251'),
  entry('debian-7.2', '7.2.13'),
  entry('debian-6.1', '6.1.176'),
];

const matched = (...selectors: string[]): string[] =>
  matchKernels(selectors, KERNELS).map(({ id }) => id);

test('an id selects one kernel', () => {
  expect(matched('debian-6.12-64k')).toEqual(['debian-6.12-64k']);
});

test('a line selects its main kernel, and not another line that begins alike', () => {
  expect(matched('6.1')).toEqual(['debian-6.1']);
  expect(matched('6.12')).toEqual(['debian-6.12']);
});

test('5.x and 6.x select the main kernels of a major version, oldest first', () => {
  expect(matched('5.x')).toEqual(['debian-5.10']);
  expect(matched('6.x')).toEqual(['debian-6.1', 'debian-6.12']);
});

test('a range of versions selects by number; a release candidate is of its line', () => {
  expect(matched('>=6.12 <7.3')).toEqual(['debian-6.12', 'debian-7.2']);
  expect(matched('>=7')).toEqual(['debian-7.2', 'debian-7.3']);
  expect(matched('6.1 - 6.12')).toEqual(['debian-6.1', 'debian-6.12']);
  expect(matched('7.x')).toEqual(['debian-7.2', 'debian-7.3']);
  expect(matched('7.3')).toEqual(['debian-7.3']);
});

test('an exact version selects the kernel that has it', () => {
  expect(matched('6.1.176')).toEqual(['debian-6.1']);
});

test('latest is the newest line that is released', () => {
  expect(matched('latest')).toEqual(['debian-7.2']);
});

test('all selects every kernel, by version and then variant', () => {
  expect(matched('all')).toEqual([
    'debian-5.10',
    'debian-6.1',
    'debian-6.12',
    'debian-6.12-64k',
    'debian-7.2',
    'debian-7.3',
  ]);
});

test('a glob selects ids, variants too', () => {
  expect(matched('debian-6.12*')).toEqual(['debian-6.12', 'debian-6.12-64k']);
  expect(matched('*-64k')).toEqual(['debian-6.12-64k']);
});

/** A build from source, of a line that may have a package as well. */
const build = (id: string): KernelEntry[] =>
  buildEntries([
    {
      ...{ id, package: 'linux-source-5.10', suites: ['bullseye'], fragments: ['base'] },
      ...{ compiler: 'powerpc64le-linux-gnu', byteOrder: 'little', steps: 1 },
    },
  ]);

const BOTH = [
  ...KERNELS.filter(({ id }) => id !== 'debian-5.10'),
  ...['build-5.10', 'build-5.10-be', 'build-6.1', 'build-6.12', 'build-6.12-4k'].flatMap(build),
];

for (const [selector, expected] of [
  ['5.x', ['build-5.10', 'build-5.10-be']],
  ['5.10', ['build-5.10']],
  ['build-5.10-be', ['build-5.10-be']],
  ['6.1', ['debian-6.1']],
  ['6.x', ['debian-6.1', 'debian-6.12']],
  ['<6.12', ['build-5.10', 'build-5.10-be', 'debian-6.1']],
  ['*-4k', ['build-6.12-4k']],
  ['build-6.1', ['build-6.1']],
  ['build-6.12*', ['build-6.12', 'build-6.12-4k']],
  ['debian-6.12', ['debian-6.12']],
  ['latest', ['debian-7.2']],
] as const) {
  test(`a line means its package, or its build where it has none (${selector})`, () => {
    expect(matchKernels([selector], BOTH).map(({ id }) => id)).toEqual(expected);
  });
}

test('selectors are repeated or have commas; each kernel comes once, in a stable order', () => {
  expect(matched('7.2, 6.x', 'debian-6.1', '6.12')).toEqual([
    'debian-6.1',
    'debian-6.12',
    'debian-7.2',
  ]);
  expect(matched()).toEqual([]);
});

for (const [selector, nearest] of [
  ['debian-6.2', 'debian-6.1, debian-6.12, debian-7.2, debian-7.3, debian-5.10, and 1 more'],
  ['4.x', undefined],
  ['>=8', undefined],
  ['nonsense*', undefined],
] as const) {
  test(`a selector that matches nothing is named, with what there is (${selector})`, () => {
    let thrown: unknown;
    try {
      matched('6.1', selector);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'UNKNOWN_KERNEL',
      kind: 'usage',
      hint: `${selector === 'debian-6.2' ? 'did you mean debian-6.1? ' : ''}an id, a line (6.12), 6.x, a range of versions (">=6.1 <7"), latest, all, or the path of an image (./vmlinux)`,
    });
    const { message } = thrown as Error;
    if (nearest !== undefined) {
      expect(message).toBe(`no kernel matches "${selector}" (nearest first: ${nearest})`);
    }
    expect(message).toContain(`no kernel matches "${selector}"`);
  });
}

test('latest in a list of release candidates only matches nothing', () => {
  expect(() => matchKernels(['latest'], KERNELS.slice(0, 1))).toThrow(
    'no kernel matches "latest" (nearest first: debian-7.3)',
  );
});

test("a path selects the user's own kernel, next to others", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  await writeFile(path, fakeImage(['Linux version 6.5.0 (me)', ...BUILT_IN]));
  const selected = await selectKernels([`6.x,${path}`], KERNELS);
  expect(selected.map(({ version }) => version)).toEqual(['6.1.176', '6.5.0', '6.12.95']);
  expect(selected[1]?.source).toMatchObject({ kind: 'file', image: path });
});

test('a path that is no kernel is refused', async () => {
  await expect(selectKernels(['./no-such-vmlinux'], KERNELS)).rejects.toMatchObject({
    code: 'KERNEL_MISSING',
  });
});

test("the list of Debian's kernels is needed unless all selectors are paths", () => {
  expect(needsCatalogue(['./vmlinux', 'a/b,../c'])).toBe(false);
  expect(needsCatalogue(['./vmlinux,6.1'])).toBe(true);
});

test('a kernel that is not in a list without some suite is no usage error', async () => {
  const list = { missingSuites: ['bookworm'], warnings: ['suite bookworm could not be read: x'] };
  const unknown = await rejectionOf(selectKernels(['debian-6.0'], KERNELS));
  const error = inIncompleteList(unknown, list) as SprmatrixError;
  expect([error.code, error.kind]).toEqual(['KERNEL_LIST_INCOMPLETE', 'harness']);
  expect(error.describe()).toBe(
    [
      'no kernel matches "debian-6.0", but not every suite of Debian could be read: bookworm could not',
      '  evidence:',
      '    | suite bookworm could not be read: x',
      '  hint: the list is not kept: the next command reads it again (`npx sprmatrix doctor` looks at the disk and the mirror)',
    ].join('\n'),
  );
  expect(inIncompleteList(unknown, { warnings: [] })).toBe(unknown);
  const other = new Error('other');
  expect(inIncompleteList(other, list)).toBe(other);
});
