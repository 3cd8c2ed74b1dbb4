import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../../../harness/base/paths.js';
import { runTool } from '../../../harness/base/tool.js';
import { readBaselines } from '../../../harness/judge/baseline.js';
import { reproducerOf } from '../../../harness/judge/bugs/reproducer.js';
import { readKnownIssues } from '../../../harness/judge/known-issues.js';
import { loadCatalogue } from '../../../harness/kernels/catalogue.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { prepareKernel } from '../../../harness/kernels/prepare-kernel.js';
import { qemuArguments } from '../../../harness/machine/command-line.js';
import { consoleTimes } from '../../../harness/machine/console-times.js';
import { testBootOptions } from '../faults/booted.js';

/** The init of libsprsync's example, whose program is the reproducer here: it loads KVM, and says how that ended. */
async function reproducerInit(bug: string, folder: string): Promise<string> {
  const source = join(folder, `${bug}.c`);
  const text = reproducerOf(bug, await readKnownIssues(), await readBaselines());
  if (text === undefined) throw new Error(`${bug} has no reproducer`);
  await writeFile(source, text);
  const guest = repositoryPath('fixtures', 'guest');
  const object = join(folder, 'reproducer.o');
  const compiler = 'powerpc64le-linux-gnu-gcc';
  await runTool(compiler, ['-Dmain=vmm_main', '-O2', '-c', '-o', object, source]);
  const init = join(folder, 'init');
  const sources = ['vmm-init.c', 'machine.c'].map((name) => join(guest, name));
  const includes = ['-I', guest, '-I', repositoryPath('harness', 'sync', 'native')];
  await runTool(compiler, ['-O2', '-static', ...includes, '-o', init, ...sources, object]);
  return init;
}

for (const [kernel, expected] of [
  ['debian-6.1', ['not ok 1 - MMCR3 follows a put that succeeds', 'vmm: ended with 1']],
  ['debian-6.12', ['ok 1 - MMCR3 follows a put that succeeds', 'vmm: ended with 0']],
] as const) {
  test(`the reproducer of mmcr3-put-lost says what ${kernel} does: ${expected[0].split(' ')[0] ?? ''}`, async () => {
    test.setTimeout(180_000);
    const { kernels } = await loadCatalogue();
    const entry = kernels.find(({ id }) => id === kernel);
    if (entry === undefined) throw new Error(`${kernel} is not to be had`);
    const prepared = await prepareKernel(entry);
    const init = await reproducerInit('mmcr3-put-lost', test.info().outputPath());
    const initramfs = await buildInitramfs(prepared, init);
    const options = await testBootOptions('powernv9', initramfs, test.info());
    const times = await consoleTimes(
      {
        ...{ name: options.name, qemu: options.qemu, budgetMs: 120_000 },
        args: qemuArguments(options.platform, { ...options.files, kernel: prepared.image }),
        log: join(options.logFolder, 'qemu.log'),
      },
      expected,
    );
    expect(times).toHaveLength(expected.length);
  });
}
