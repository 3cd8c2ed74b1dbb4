import { expect, test } from '@playwright/test';
import { kernelSources } from '../kernel-sources.js';
import { configText, mergeFragments, parseConfig, readFragments } from './fragments.js';

test('fragments are merged in their order, each option once, and become a file for make', () => {
  const merged = mergeFragments([
    {
      name: 'base',
      text: '# why\nCONFIG_SMP=y\nCONFIG_NR_CPUS=8\n\n# CONFIG_MODULES is not set\n',
    },
    { name: 'hv', text: 'CONFIG_KVM=y\nCONFIG_SMP=y\n' },
  ]);
  expect(configText(merged)).toBe(
    '# base.config\nCONFIG_SMP=y\nCONFIG_NR_CPUS=8\n# CONFIG_MODULES is not set\n# hv.config\nCONFIG_KVM=y\n',
  );
  expect(merged.map(({ fragment }) => fragment)).toEqual(['base', 'base', 'base', 'hv']);
});

test('two values for one option are refused, and both fragments named', () => {
  const fragments = [
    { name: '4k', text: 'CONFIG_PAGES=4' },
    { name: '64k', text: '# CONFIG_PAGES is not set' },
  ];
  expect(() => mergeFragments(fragments)).toThrow(
    'CONFIG_PAGES is 4 in 4k.config and n in 64k.config',
  );
});

test('a line that is no option is refused, with its place', () => {
  expect(() => mergeFragments([{ name: 'base', text: '# why\nSMP=y' }])).toThrow(
    'base.config line 2 is neither CONFIG_NAME=value nor a comment: SMP=y',
  );
});

test('a fragment that does not exist is named with those that do', async () => {
  await expect(readFragments(['base', 'bose'])).rejects.toMatchObject({
    code: 'UNKNOWN_CONFIG_FRAGMENT',
    kind: 'usage',
    message: expect.stringMatching(/no config fragment matches "bose" \(nearest first: base/),
  });
});

test('the options that a .config sets are read', () => {
  expect(parseConfig('CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="a b"\n')).toEqual(
    new Map([
      ['A', 'y'],
      ['C', '"a b"'],
    ]),
  );
});

test('every fragment of every build exists, fits the others, and says why it is there', async () => {
  const { builds, tree } = kernelSources();
  const lists = [
    ...builds.map(({ fragments }) => fragments),
    [...tree.fragments, ...tree.optionalFragments],
    ['booke'],
  ];
  for (const names of lists) {
    const fragments = await readFragments(names);
    expect(mergeFragments(fragments).length).toBeGreaterThan(0);
    for (const { name, text } of fragments) {
      expect(text.startsWith('# '), `${name}.config begins with what it is for`).toBe(true);
    }
  }
});

test('ids of builds are there once, and their byte orders are those of their fragments', () => {
  const { builds } = kernelSources();
  expect(new Set(builds.map(({ id }) => id)).size).toBe(builds.length);
  for (const { id, byteOrder, fragments } of builds) {
    expect(fragments, id).toContain(`${byteOrder}-endian`);
  }
});
