import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../base/paths.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { addUpstream } from './add-upstream.js';
import { upstreamEntry } from './upstream-entry.js';

const STABLE = { name: 'stable', urls: ['https://example.org/linux.git'], isDefault: true };
const entry = (tag: string): ReturnType<typeof upstreamEntry> =>
  upstreamEntry(STABLE, 'https://example.org/linux.git', {
    ...{ name: `refs/tags/${tag}`, commit: tag.length.toString().repeat(40) },
  });

test('kernels are added to the list with their commits, each once, and nothing else changes', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'kernels.json');
  await copyFile(repositoryPath('matrix', 'kernels.json'), path);
  const before = JSON.parse(await readFile(path, 'utf8')) as { upstream: unknown[] };
  await addUpstream([entry('v6.8')], path);
  expect(await addUpstream([entry('v6.8'), entry('v6.8.1')], path)).toEqual([
    { id: 'v6.8.1', repository: 'stable', ref: 'v6.8.1', commit: '6'.repeat(40) },
  ]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    ...before,
    upstream: [
      ...before.upstream,
      { id: 'v6.8', repository: 'stable', ref: 'v6.8', commit: '4'.repeat(40) },
      { id: 'v6.8.1', repository: 'stable', ref: 'v6.8.1', commit: '6'.repeat(40) },
    ],
  });
  await writeFile(path, '{}');
  await expect(addUpstream([entry('v6.8')], path)).rejects.toThrow(
    `${path} has no list "upstream" to add to`,
  );
});
