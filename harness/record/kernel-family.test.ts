import { expect, test } from '@playwright/test';
import { comparedWith, isComparable } from './comparable-families.js';
import { familyOf, olderOfFamily } from './kernel-family.js';
import { record } from './record.fixture.js';

const debian = (line: string, pageSize = 65536): ReturnType<typeof record> =>
  record({ kernel: `debian-${line}`, pageSize });
const build = (line: string): ReturnType<typeof record> =>
  record({ kernel: `build-${line}`, package: { name: `linux-source-${line}`, version: line } });

test('a kernel is of a distribution, of a build, or the user’s own', () => {
  expect(familyOf(debian('6.1', 4096))).toEqual({
    ...{ source: 'debian', byteOrder: 'little', pageSize: 4096 },
  });
  expect(familyOf(build('6.1')).source).toBe('build');
  expect(familyOf(record({ kernel: 'file-6.1', package: null })).source).toBe('own');
});

test('families are compared that differ in their pages alone', () => {
  expect(isComparable(familyOf(debian('6.1')), familyOf(debian('6.12', 4096)))).toBe(true);
  expect(isComparable(familyOf(debian('6.1')), familyOf(build('6.1')))).toBe(false);
});

test('what a kernel had before is the next older of its family, whatever else there is', () => {
  const all = [debian('6.1'), build('6.1'), debian('6.12'), debian('6.12', 4096), build('6.12')];
  expect(olderOfFamily(build('7.2'), all)?.cell.kernel).toBe('build-6.12');
  expect(olderOfFamily(debian('7.2', 4096), all)?.kernel.pageSize).toBe(4096);
  expect(olderOfFamily(debian('6.12', 4096), [debian('6.1')])?.cell.kernel).toBe('debian-6.1');
  expect(olderOfFamily(build('6.1'), all)).toBeUndefined();
  expect(comparedWith(familyOf(build('6.1')), [debian('6.1')], familyOf)).toBeUndefined();
});
