import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skipWithout } from '../../base/testing/skip-without.js';
import { runTool } from '../../base/tool.js';
import { expect } from '@playwright/test';
import { test } from '../../record/record.fixture.js';
import { readBaselines } from '../baseline.js';
import { readKnownIssues } from '../known-issues.js';
import { reproducerOf } from './reproducer.js';

for (const id of ['mmcr3-put-lost', 'tm-vscr-put-in-vscr', 'fscr-put-in-fpscr']) {
  const fileOf = async (): Promise<string> =>
    reproducerOf(id, await readKnownIssues(), await readBaselines()) ?? '';

  test(`${id} has a C file of less than 120 lines`, async () => {
    const lines = (await fileOf()).split('\n').length;
    expect(lines).toBeGreaterThan(20);
    expect(lines).toBeLessThan(120);
  });

  for (const target of ['powerpc64le', 'powerpc64']) {
    test(`the C file of ${id} has no warning for ${target}`, async ({ folder }) => {
      const path = join(folder, `${id}.c`);
      await writeFile(path, await fileOf());
      const options = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', path];
      const compiler = `${target}-linux-gnu-gcc`;
      await skipWithout(compiler);
      await runTool(compiler, options);
    });
  }
}

test('a bug that needs a running guest has none, and says so by that', async () => {
  const none = reproducerOf('ic-not-loaded', await readKnownIssues(), await readBaselines());
  expect(none).toBeUndefined();
});
