import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { compareDebianVersions, lineOf, upstreamVersion } from './debian-version.js';

const OLDEST_FIRST = [
  '5.10.251-3',
  '6.1.9-1',
  '6.1.170-3',
  '6.1.176-1~bpo11+1',
  '6.1.176-1',
  '6.1.176-1+b1',
  '6.12.95-1~bpo12+1',
  '6.12.95-1',
  '7.2.13-1',
  '7.3~rc2-1~exp1',
  '7.3~rc7-1~exp1',
  '7.3~rc10-1~exp1',
  '7.3-1',
  '7.3.4-1~bpo13+1',
  '1:2.0-1',
];

test('versions are ordered as dpkg orders them', async () => {
  const backwards = [...OLDEST_FIRST].reverse().sort(compareDebianVersions);
  expect(backwards).toEqual(OLDEST_FIRST);
  for (const [index, version] of OLDEST_FIRST.slice(1).entries()) {
    await execa('dpkg', ['--compare-versions', OLDEST_FIRST[index] ?? '', 'lt', version]);
  }
});

test('a version equals itself', () => {
  for (const version of OLDEST_FIRST) expect(compareDebianVersions(version, version)).toBe(0);
});

test("the upstream version leaves out Debian's own part", () => {
  expect(upstreamVersion('6.12.95-1~bpo12+1')).toBe('6.12.95');
  expect(upstreamVersion('7.3~rc7-1~exp1')).toBe('7.3-rc7');
  expect(upstreamVersion('7.3-1')).toBe('7.3');
});

test('a line is the major and the minor number', () => {
  expect(lineOf('6.12.95')).toBe('6.12');
  expect(lineOf('7.3-rc7')).toBe('7.3');
  expect(lineOf('next')).toBeUndefined();
});
