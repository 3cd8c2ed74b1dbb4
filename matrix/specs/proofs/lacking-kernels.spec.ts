import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { KernelSource } from '../../../fixtures/broken-kernels/kernel-source.js';
import { buildWithout } from '../../../fixtures/broken-kernels/lacking-kernel.js';
import { runCli } from '../../../fixtures/cli-process.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { KERNEL_NEEDS } from '../../../harness/kernels/kernel-needs.js';
import { testKernel } from '../faults/booted.js';

/*
 * What the agent needs of a kernel (KERNEL_NEEDS), each shown by 5.10 built without it: its configuration says so
 * before it is booted, and one whose configuration is not there says so itself. Each build has the objects of the
 * last one, and the first those of the broken kernels.
 */
const BUILD_MS = 1_800_000;

await skipWithoutBuildTools();
// One tree, and one configuration of it at a time.
test.describe.configure({ mode: 'default', timeout: BUILD_MS });

const PORT = ['VIRTIO_MENU', 'VIRTIO_PCI', 'VIRTIO_PCI_LEGACY', 'VIRTIO_CONSOLE'];
const MEMORY = ['DEVMEM'];
const CONSOLE = ['HVC_CONSOLE', 'HVC_OPAL'];

interface Lacking {
  readonly without: readonly string[];
  /** What a run says that has no configuration to read. */
  readonly words: RegExp;
}

const LACKING: Readonly<Record<string, Lacking>> = {
  channel: {
    without: [...PORT, ...MEMORY, ...CONSOLE],
    words:
      /: the machine was powered off before its agent answered, and its console does not say why\n/,
  },
  initramfs: {
    without: ['BLK_DEV_INITRD'],
    words: /: the kernel under test failed: .*Kernel panic - not syncing: No working init found/,
  },
  // Nearly every file is compiled again without either: one kernel is without both.
  'devtmpfs, no sysfs': {
    without: ['DEVTMPFS', 'SYSFS'],
    words:
      /sprmatrix-agent: fatal: mount sysfs on \/sys: No such device, mount devtmpfs on \/dev: No such device\n/,
  },
};

/**
 * 5.10 does not compile without PROC_FS, and arch/powerpc selects BINFMT_ELF: their configuration is tested in
 * kernel-needs.test.ts.
 */
const UNBUILDABLE = ['ELF programs', 'proc'];
/** Without it nearly every file is compiled again: Debian's image has it in modules alone. */
const DEBIANS = 'KVM for Book3S';

const run = async (kernel: string, platform: string): ReturnType<typeof runCli> =>
  runCli([
    ...['run', `--kernel=${kernel}`, `--platform=${platform}`, '--register=DAR'],
    ...['--out', test.info().outputPath('out')],
  ]);

/** An image of 5.10 without some of its options. */
async function imageWithout(options: readonly string[]): Promise<string> {
  const { folder } = await KernelSource.open('build-5.10');
  return buildWithout(options, folder, test.info().outputPath('kernel'));
}

test('what is needed is here, each once', () => {
  const named = [...Object.keys(LACKING).join(', no ').split(', no '), ...UNBUILDABLE, DEBIANS];
  expect(named.sort()).toEqual(KERNEL_NEEDS.map(({ what }) => what).sort());
});

test(`a kernel without ${DEBIANS} is refused by its image and by its configuration`, async () => {
  const image = test.info().outputPath('kernel', 'vmlinuz');
  await mkdir(dirname(image));
  await copyFile((await testKernel()).image, image);
  const refused = await run(image, 'pseries-p9-nested');
  expect(refused.exitCode, refused.stderr).toBe(2);
  expect(refused.stderr).toContain(
    `${image} has no KVM: it is not built in, and there is no module kvm_hv or kvm_pr\n`,
  );
  await writeFile(join(dirname(image), 'config'), 'CONFIG_PPC64=y\nCONFIG_HVC_CONSOLE=y\n');
  const configured = await run(image, 'pseries-p9-nested');
  expect(configured.exitCode, configured.stderr).toBe(2);
  expect(configured.stderr).toContain(`${image} cannot be asked: it has no ${DEBIANS}, `);
  expect(configured.stderr).toContain('CONFIG_KVM_BOOK3S_64_HV is not set');
});

for (const [channel, without, platforms] of [
  ['the console', [...PORT, ...MEMORY], ['pseries-p10-nested', 'powernv8']],
  ['a mailbox in memory', [...PORT, ...CONSOLE], ['pseries-p10-nested', 'powernv8']],
] as const) {
  // The virtio-serial port is what every other cell is reached by: these are the ways that are left without it.
  test(`a kernel that has no channel but ${channel} answers as any other`, async () => {
    const image = await imageWithout(without);
    for (const platform of platforms) {
      const { exitCode, stdout, stderr } = await run(image, platform);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('1 of 1 cell recorded, 0 skipped, 0 deviations, 0 failures');
    }
  });
}

for (const [what, { without, words }] of Object.entries(LACKING)) {
  test(`a kernel that has no ${what} is refused by its configuration, or says itself what failed`, async () => {
    const image = await imageWithout(without);
    const booted = await run(image, 'pseries-p10-nested');
    expect(booted.exitCode, booted.stderr).toBe(3);
    expect(booted.stderr).toMatch(words);
    await copyFile(
      join(dirname(image), 'lacking.config'),
      test.info().outputPath('kernel', 'config'),
    );
    const refused = await run(image, 'pseries-p10-nested');
    expect(refused.exitCode, refused.stderr).toBe(2);
    expect(refused.stderr).toContain(`${image} cannot be asked: it has no ${what}\n`);
  });
}
