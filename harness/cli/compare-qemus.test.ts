import { expect, test } from '@playwright/test';
import { sideFolder } from './compare-qemus.js';

test('each of several QEMUs has a folder of its own, also of one version', () => {
  const folders = (...versions: string[]): string[] => {
    const qemus = versions.map((version) => ({ path: `/q/${version}`, version }));
    return qemus.map((qemu, index) => sideFolder('/out', qemu, index, qemus));
  };
  expect(folders('7.2.22', '10.0.2')).toEqual(['/out/qemu-7.2.22', '/out/qemu-10.0.2']);
  expect(folders('10.0.2', '10.0.2')).toEqual(['/out/qemu-10.0.2-1', '/out/qemu-10.0.2-2']);
});
