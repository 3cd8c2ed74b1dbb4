import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readPathKernel } from '../file-kernel.js';
import { kernelSources } from '../kernel-sources.js';
import { MAKEFILE, writeFakePrograms, writeFakeTree } from '../testing/fake-source.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { buildTree, findTreeKernel } from './kernel-tree.js';

interface Given extends AsyncDisposable {
  readonly tree: string;
  readonly cacheFolder: string;
  readonly notices: string[];
}

async function setUp(makefile = MAKEFILE): Promise<Given> {
  const folder = await temporaryFolder();
  const path = process.env['PATH'] ?? '';
  const programs = [`${kernelSources().tree.compiler}-gcc`, 'flex', 'bison', 'bc'];
  await writeFakePrograms(join(folder.path, 'bin'), programs);
  process.env['PATH'] = `${join(folder.path, 'bin')}${delimiter}${path}`;
  const tree = join(folder.path, 'linux');
  await writeFakeTree(tree, makefile.replace('$(MIDDLE)', 'true'));
  return {
    ...{ tree, cacheFolder: join(folder.path, 'cache'), notices: [] },
    [Symbol.asyncDispose]: async () => {
      process.env['PATH'] = path;
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("a tree's own vmlinux is taken, with its modules when it has some", async () => {
  await using given = await setUp();
  await writeFile(join(given.tree, 'vmlinux'), await readFile(join(given.tree, 'image')));
  expect(findTreeKernel(given.tree)).toEqual({
    image: join(given.tree, 'vmlinux'),
    modules: undefined,
  });
  await writeFile(join(given.tree, 'modules.order'), '');
  expect(findTreeKernel(given.tree).modules).toBe(given.tree);
  const entry = await readPathKernel(given.tree);
  expect(entry.id).toMatch(/^file-5\.10\.218-[0-9a-f]{8}$/);
});

test('a tree without vmlinux is told apart from a folder that is no tree', async () => {
  await using given = await setUp();
  await expect(readPathKernel(given.tree)).rejects.toMatchObject({
    code: 'TREE_WITHOUT_VMLINUX',
    kind: 'usage',
    message: `${given.tree} is a kernel tree without vmlinux: it is not built`,
  });
  const other = join(given.tree, 'arch');
  await expect(readPathKernel(other)).rejects.toMatchObject({
    message: `${other} is not a kernel: the folder holds no image (vmlinux, vmlinuz, zImage), at its top, in boot/ or in lib/modules/RELEASE`,
  });
  await expect(buildTree(other)).rejects.toMatchObject({ code: 'NOT_A_TREE', kind: 'usage' });
});

test('a tree is built outside of itself, and again in the same place', async () => {
  await using given = await setUp();
  const entry = await readPathKernel(given.tree, { build: true, ...given });
  expect(entry.source).toMatchObject({
    kind: 'file',
    image: expect.stringMatching(/\/cache\/trees\/[0-9a-f]{16}\/vmlinux$/),
  });
  expect(await readPathKernel(given.tree, { build: true, ...given })).toEqual(entry);
  await expect(readFile(join(given.tree, 'vmlinux'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the sources of a build folder are those that are built', async () => {
  await using given = await setUp();
  const folder = join(given.cacheFolder, '../o');
  await mkdir(folder);
  await symlink(given.tree, join(folder, 'source'));
  const { image } = await buildTree(folder, given);
  expect(image).toBe((await buildTree(given.tree, given)).image);
});

test('an option that a source has no more is a notice when its fragment is optional', async () => {
  await using given = await setUp(MAKEFILE.replace('CONFIG_LOST', 'CONFIG_PPC_TRANSACTIONAL_MEM'));
  await buildTree(given.tree, { ...given, onNotice: (text) => given.notices.push(text) });
  expect(given.notices).toEqual([
    `${given.tree}: this source has no CONFIG_PPC_TRANSACTIONAL_MEM (tm)`,
  ]);
});

test('a tree that was configured in place is built there with its own configuration', async () => {
  await using given = await setUp(
    'olddefconfig:\n\t@echo CONFIG_NEW=y >> .config\nvmlinux:\n\t@cp image vmlinux\nmodules:\n\t@touch modules.order\n',
  );
  await writeFile(join(given.tree, '.config'), 'CONFIG_MODULES=y\n');
  expect(await buildTree(given.tree, given)).toEqual({
    image: join(given.tree, 'vmlinux'),
    modules: given.tree,
  });
  expect(await readFile(join(given.tree, '.config'), 'utf8')).toContain('CONFIG_NEW=y');
  await rm(join(given.tree, '.config'));
});
