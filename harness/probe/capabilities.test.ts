import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { RECORDED_CAPABILITIES } from './capabilities.js';

/** Of libc6-dev-ppc64el-cross, which the agent is built with. */
const HEADER = '/usr/powerpc64le-linux-gnu/include/linux/kvm.h';

test('capabilities have the numbers that the kernel gives them', () => {
  test.skip(!existsSync(HEADER), `${HEADER} is not there`);
  const text = readFileSync(HEADER, 'utf8');
  const numbers = Object.keys(RECORDED_CAPABILITIES).map((name) => {
    const found = new RegExp(`^#define ${name}\\s+(\\d+)`, 'm').exec(text)?.[1];
    return [name, Number(found)];
  });
  expect(RECORDED_CAPABILITIES).toEqual(Object.fromEntries(numbers));
});
