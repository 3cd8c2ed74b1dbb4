import { expect, test } from '@playwright/test';
import { SprmatrixError } from '../base/error.js';
import { cannotRunError, chooseQemu, findObstacle, obstacleOf } from './obstacles.js';
import type { Platform } from './platforms.js';
import { loadPlatforms } from './platforms.js';

const QEMU_7 = { path: '/usr/bin/qemu', version: '7.2.22' };
const QEMU_10 = { path: '/cache/qemu', version: '10.0.2' };
const KERNEL = { id: 'debian-6.1', version: '6.1.176' };

function platform(changes: Partial<Platform> = {}): Platform {
  const [first] = loadPlatforms();
  if (first === undefined) throw new Error('no platforms');
  return { ...first, qemu: '7.2', never: [], cold: [], ...changes };
}
const never = (kernels: [string, ...string[]], qemu?: string): Partial<Platform> => ({
  never: [{ kernels, reason: 'because', ...(qemu === undefined ? {} : { qemu }) }],
});

test('a kernel that nothing speaks against has no obstacle', () => {
  expect(findObstacle(platform(), KERNEL)).toBeUndefined();
  expect(findObstacle(platform(never(['5.10'])), KERNEL)).toBeUndefined();
});

const MEANT: [selector: string, id: string, version: string][] = [
  ['debian-6.1', 'debian-6.1', '6.1.176'],
  ['debian-*', 'debian-6.12-64k', '6.12.95'],
  ['6.1', 'build-6.1', '6.1'],
  ['<6.7', 'build-5.10', '5.10'],
  ['>=7.3', 'debian-7.3', '7.3-rc7'],
  ['*-be', 'build-5.10-be', '5.10'],
];
for (const [selector, id, version] of MEANT) {
  test(`${selector} means ${id}`, () => {
    expect(findObstacle(platform(never([selector])), { id, version })).toBe('because');
  });
}

const NOT_MEANT: [selector: string, id: string, version: string][] = [
  ['6.1', 'debian-6.12', '6.12.95'],
  ['<6.7', 'debian-6.12', '6.12.95'],
  ['<6.7', 'file-1a2b3c4d', ''],
  ['debian-*', 'build-6.1', '6.1'],
];
for (const [selector, id, version] of NOT_MEANT) {
  test(`${selector} does not mean ${id}`, () => {
    expect(findObstacle(platform(never([selector])), { id, version })).toBeUndefined();
  });
}

test('an unsupported platform runs nothing', () => {
  expect(findObstacle(platform({ unsupported: 'no guest' }), KERNEL)).toBe('no guest');
});

test('the oldest QEMU that restores is chosen, and where none does the oldest', () => {
  const QEMU_11 = { path: '/cache/newest', version: '11.1.3' };
  const cold = platform({ cold: [{ qemu: '<10', reason: 'hangs' }] });
  const all = [QEMU_11, QEMU_10, QEMU_7];
  expect(chooseQemu(cold, KERNEL, all)).toEqual({ qemu: QEMU_10 });
  expect(chooseQemu(cold, KERNEL, [QEMU_7])).toEqual({ qemu: QEMU_7 });
  const excluding = platform({ ...never(['debian-6.1'], '10.0.x'), cold: cold.cold });
  expect(chooseQemu(excluding, KERNEL, all)).toEqual({ qemu: QEMU_11 });
});

test('the oldest QEMU that is new enough is chosen', () => {
  expect(chooseQemu(platform(), KERNEL, [QEMU_10, QEMU_7])).toEqual({ qemu: QEMU_7 });
  expect(chooseQemu(platform({ qemu: '9.0' }), KERNEL, [QEMU_7, QEMU_10])).toEqual({
    qemu: QEMU_10,
  });
});

test('an obstacle of some QEMUs is passed by with another', () => {
  const limited = platform(never(['6.1'], '<10'));
  expect(chooseQemu(limited, KERNEL, [QEMU_7, QEMU_10])).toEqual({ qemu: QEMU_10 });
  expect(chooseQemu(limited, KERNEL, [QEMU_7])).toEqual({
    obstacle:
      'because (/usr/bin/qemu is 7.2.22; `npm run setup -- --newer-qemu` fetches newer ones)',
  });
});

test('without a QEMU that is new enough, what is needed and what was found is reported', () => {
  const newer = platform({ qemu: '11.1' });
  expect(chooseQemu(newer, KERNEL, [QEMU_7, QEMU_10])).toEqual({
    obstacle:
      'needs QEMU 11.1 or newer; /usr/bin/qemu is 7.2.22, /cache/qemu is 10.0.2; `npm run setup -- --newer-qemu` fetches newer ones',
  });
  expect(chooseQemu(newer, KERNEL, [])).toEqual({
    obstacle:
      'needs QEMU 11.1 or newer; none is here; `npm run setup -- --newer-qemu` fetches newer ones',
  });
});

test('what can never run is reported before what QEMU lacks', () => {
  const both = platform({ qemu: '11.1', ...never(['6.1']) });
  expect(chooseQemu(both, KERNEL, [QEMU_7])).toEqual({ obstacle: 'because' });
});

test('the error of a cell that cannot run is told from failures', () => {
  const cell = 'debian-6.1/powernv9';
  expect(obstacleOf(cannotRunError(cell, 'because'))).toBe('because');
  const failure = new SprmatrixError({ code: 'QEMU_EXITED', message: 'x' });
  expect(obstacleOf(failure)).toBeUndefined();
  expect(obstacleOf(new Error('x'))).toBeUndefined();
});

test('the data keeps what was measured apart', () => {
  const obstacle = (id: string, kernel: { id: string; version: string }): string | undefined => {
    const found = loadPlatforms().find((entry) => entry.id === id);
    return found === undefined ? 'no such platform' : findObstacle(found, kernel);
  };
  const debian612 = { id: 'debian-6.12', version: '6.12.95' };
  expect(obstacle('pseries-p10-papr', KERNEL)).toContain('guest state buffers');
  expect(obstacle('pseries-p10-papr', debian612)).toBeUndefined();
  expect(obstacle('pseries-p8-pr', debian612)).toContain('without KVM-PR');
  expect(obstacle('e500v2', debian612)).toContain('KVM_CAP_SW_TLB');
  expect(obstacle('powernv9', KERNEL)).toBeUndefined();
});
