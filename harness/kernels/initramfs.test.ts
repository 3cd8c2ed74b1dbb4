import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runTool } from '../base/tool.js';
import { buildInitramfs } from './initramfs.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

interface Given extends AsyncDisposable {
  readonly agent: string;
  readonly kernel: { channelModules: string[]; kvmModules: string[] };
  readonly options: { cacheFolder: string };
}

async function setUp(): Promise<Given> {
  const folder = await temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  for (const name of ['agent', 'virtio.ko', 'virtio_pci.ko', 'kvm.ko', 'kvm-hv.ko']) {
    await writeFile(at(name), `content of ${name}`, { mode: 0o600 });
  }
  return {
    agent: at('agent'),
    kernel: {
      channelModules: [at('virtio.ko'), at('virtio_pci.ko')],
      kvmModules: [at('kvm.ko'), at('kvm-hv.ko')],
    },
    options: { cacheFolder: at('cache') },
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
}

test('the archive holds the agent as init and the modules numbered in load order', async () => {
  await using given = await setUp();
  const path = await buildInitramfs(given.kernel, given.agent, given.options);
  const list = await runTool('cpio', ['-tvn', '--quiet', '-F', path]);
  const seen = list.split('\n').map((line) => {
    const [mode, , owner, group, size, , , , name] = line.split(/\s+/);
    return [mode, owner, group, size, name].join(' ');
  });
  expect(seen).toEqual([
    'drwxr-xr-x 0 0 0 dev',
    'drwxr-xr-x 0 0 0 proc',
    'drwxr-xr-x 0 0 0 sys',
    'drwxr-xr-x 0 0 0 modules',
    'drwxr-xr-x 0 0 0 modules/boot',
    'drwxr-xr-x 0 0 0 modules/kvm',
    '-rwxr-xr-x 0 0 16 init',
    '-rw-r--r-- 0 0 20 modules/boot/00-virtio.ko',
    '-rw-r--r-- 0 0 24 modules/boot/01-virtio_pci.ko',
    '-rw-r--r-- 0 0 17 modules/boot/02-kvm.ko',
    '-rw-r--r-- 0 0 20 modules/kvm/00-kvm-hv.ko',
  ]);
});

test('the same content is the same archive, byte for byte, and is made once', async () => {
  await using given = await setUp();
  const path = await buildInitramfs(given.kernel, given.agent, given.options);
  expect(await buildInitramfs(given.kernel, given.agent, given.options)).toBe(path);
  const other = join(given.options.cacheFolder, 'elsewhere');
  await mkdir(other);
  const agent = join(other, 'init-of-another-name');
  await copyFile(given.agent, agent);
  const again = await buildInitramfs(given.kernel, agent, { cacheFolder: other });
  expect(await readFile(again)).toEqual(await readFile(path));
  expect(await readdir(join(given.options.cacheFolder, 'initramfs'))).toHaveLength(1);
});

test('another agent makes another archive', async () => {
  await using given = await setUp();
  const path = await buildInitramfs(given.kernel, given.agent, given.options);
  await writeFile(given.agent, 'a newer agent');
  expect(await buildInitramfs(given.kernel, given.agent, given.options)).not.toBe(path);
});

test('an archive that is cut in half is made again', async () => {
  await using given = await setUp();
  const path = await buildInitramfs(given.kernel, given.agent, given.options);
  const whole = await readFile(path);
  await truncate(path, Math.floor(whole.length / 2));
  expect(await buildInitramfs(given.kernel, given.agent, given.options)).toBe(path);
  expect(await readFile(path)).toEqual(whole);
});

test('two runs at once make the same archive', async () => {
  await using given = await setUp();
  const [one, two] = await Promise.all([
    buildInitramfs(given.kernel, given.agent, given.options),
    buildInitramfs(given.kernel, given.agent, given.options),
  ]);
  expect(one).toBe(two);
});

test('an interrupted or failed build leaves nothing', async () => {
  await using given = await setUp();
  const signal = AbortSignal.abort();
  const options = { ...given.options, signal };
  await expect(buildInitramfs(given.kernel, given.agent, options)).rejects.toMatchObject({
    code: 'ABORTED',
  });
  expect(await readdir(given.options.cacheFolder, { recursive: true })).toEqual(['initramfs']);
});

test('an agent that is not built is an error that says how', async () => {
  await using given = await setUp();
  await expect(buildInitramfs(given.kernel, '/nowhere/agent', given.options)).rejects.toMatchObject(
    {
      code: 'INITRAMFS_INPUT_MISSING',
      message:
        "agent cannot be put into the initramfs: ENOENT: no such file or directory, open '/nowhere/agent'",
      hint: 'is /nowhere built? `npm run setup`',
    },
  );
});
