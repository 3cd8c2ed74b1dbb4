import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skipWithout } from '../../base/testing/skip-without.js';
import { runTool } from '../../base/tool.js';
import { expect } from '@playwright/test';
import { readBaselines } from '../../judge/baseline.js';
import { bugEntries } from '../../judge/bugs/bugs.js';
import { readKnownIssues } from '../../judge/known-issues.js';
import { test } from '../../record/record.fixture.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import type { ReproducerInput } from './reproducer.js';
import { reproducerOf } from './reproducer.js';

const ids = bugEntries().flatMap(({ id, noReproducer }) =>
  noReproducer === undefined ? [id] : [],
);

async function input(): Promise<ReproducerInput> {
  const [issues, records] = await Promise.all([readKnownIssues(), readBaselines()]);
  return { issues, records, facts: await readRegisterFacts() };
}

test('every bug that may have one has a C file of less than 120 lines', async () => {
  const of = await input();
  const lines = ids.map((id) => [id, (reproducerOf(id, of) ?? '').split('\n').length] as const);
  expect(lines.filter(([, count]) => count < 40 || count >= 120)).toEqual([]);
});

for (const target of ['powerpc64le', 'powerpc64']) {
  test(`the C files have no warning for ${target}`, async ({ folder }) => {
    test.setTimeout(120_000);
    const compiler = `${target}-linux-gnu-gcc`;
    await skipWithout(compiler);
    const of = await input();
    for (const id of ids) {
      const path = join(folder, `${id}.c`);
      await writeFile(path, reproducerOf(id, of) ?? '');
      const options = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-c', path];
      await runTool(compiler, [...options, '-o', join(folder, 'out.o')]);
    }
  });
}

test('a bug that no record shows has none', async () => {
  const { issues, facts } = await input();
  expect(reproducerOf('mmcr3-put-lost', { issues, facts, records: [] })).toBeUndefined();
  expect(reproducerOf('no-such-bug', { issues, facts, records: [] })).toBeUndefined();
});
