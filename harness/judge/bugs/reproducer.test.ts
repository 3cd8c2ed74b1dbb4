import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../base/tool.js';
import { expect } from '@playwright/test';
import { test } from '../../record/record.fixture.js';
import { readBaselines } from '../baseline.js';
import { readKnownIssues } from '../known-issues.js';
import { reproducerOf } from './reproducer.js';

for (const id of ['mmcr3-put-lost', 'tm-vscr-put-in-vscr', 'fscr-put-in-fpscr']) {
  test(`${id} has a C file of less than 120 lines, for both byte orders`, async ({ folder }) => {
    const text = reproducerOf(id, await readKnownIssues(), await readBaselines()) ?? '';
    expect(text.split('\n').length).toBeLessThan(120);
    const path = join(folder, `${id}.c`);
    await writeFile(path, text);
    const options = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', path];
    for (const target of ['powerpc64le', 'powerpc64']) {
      await runTool(`${target}-linux-gnu-gcc`, options);
    }
  });
}

test('a bug that needs a running guest has none, and says so by that', async () => {
  const none = reproducerOf('ic-not-loaded', await readKnownIssues(), await readBaselines());
  expect(none).toBeUndefined();
});
