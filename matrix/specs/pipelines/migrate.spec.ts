import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readImage } from '../../../harness/record/guest-image.js';
import type { MigrationAnswer } from '../../../harness/record/migration-answer.js';
import { runCli } from '../../../fixtures/cli-process.js';
import { listFaults } from '../../../fixtures/printed-list.js';

const PLATFORM = '--platform=pseries-p9-nested';

/** The registers of POWER8 and of EBB that QEMU 10.0 keeps and KVM does not switch. */
const IN_QEMU_ALONE = [
  ...['MMCRS', 'SPMC1', 'SPMC2', 'EBBHR', 'EBBRR', 'BESCR', 'CSIGR', 'TACR', 'TCSCR'],
  ...['WORT', 'PSSCR'],
];

/** What both kernels know and QEMU 10.0 does not put; on a POWER9. */
const NOT_PUT_BY_QEMU = [
  ...['DABR', 'DABRX', 'PMC7', 'PMC8', 'IC', 'LPCR_64', 'ARCH_COMPAT', 'DEC_EXPIRY', 'ONLINE'],
  ...['SIER2', 'SIER3', 'DAWR1', 'DAWRX1', 'ACOP'],
];

test('a guest of debian-6.1 loses VSCR in debian-6.12; back, it loses what 6.1 does not know', async () => {
  const out = test.info().outputPath('out');
  const there = await runCli([
    'migrate',
    '--from=debian-6.1',
    '--to=debian-6.12',
    PLATFORM,
    '--out',
    out,
  ]);
  expect(there.exitCode, there.stderr).toBe(1);
  const lines = there.stdout.split('\n').filter((line) => !line.includes('known issue'));
  expect(lines.slice(0, 4)).toEqual([
    'debian-6.1 to debian-6.12 on pseries-p9-nested: 12 of 165 registers are lost: 1 kernel, 0 configuration, 11 QEMU',
    '  kernel bug:',
    '    VSCR: the guest read 0x00010000 before and reads 0x00000000',
    '  in QEMU alone:',
  ]);
  const named = lines.slice(4, -1).map((line) => /^ {4}(\w+): /.exec(line)?.[1]);
  expect(named.toSorted()).toEqual(IN_QEMU_ALONE.toSorted());

  // The image that the first run left is enough to go back: one machine boots.
  expect(await readdir(join(out, 'images'))).toEqual(['debian-6.1', 'debian-6.12']);
  const image = join(out, 'images', 'debian-6.12', 'pseries-p9-nested.json');
  expect((await readImage(image)).registers['DEXCR']).toBe('0x398e92a4f17b6c7d');
  const back = await runCli([
    'migrate',
    '--from',
    image,
    '--to=debian-6.1',
    '--json',
    '--out',
    out,
  ]);
  expect(back.exitCode, back.stderr).toBe(1);
  expect(listFaults('migrate', JSON.parse(back.stdout))).toEqual([]);
  const [answer] = JSON.parse(back.stdout) as MigrationAnswer[];
  const unknown = answer?.lost.filter(({ how }) => how === 'unknown');
  expect(unknown?.map(({ register, errno }) => `${register} ${errno ?? ''}`)).toEqual([
    ...['DEXCR EINVAL', 'HASHKEYR EINVAL', 'HASHPKEYR EINVAL'],
  ]);
  expect(answer?.lost.find(({ register }) => register === 'MMCR3')).toMatchObject({
    ...{ register: 'MMCR3', how: 'masked', saved: '0x2279320575070014' },
    ...{ restored: '0x0000000000000000', mask: '0x2279320575070014' },
  });
});

test('QEMU loses what it never puts and keeps silent about refusals; libsprsync keeps it', async () => {
  const { exitCode, stdout, stderr } = await runCli([
    ...['migrate', '--from=debian-6.12', '--to=debian-6.1', PLATFORM, '--vmm=qemu', '--json'],
    ...['--out', test.info().outputPath('out')],
  ]);
  expect(exitCode, stderr).toBe(1);
  const [answer] = JSON.parse(stdout) as MigrationAnswer[];
  const ours = new Set(answer?.lost.map(({ register }) => register));
  const theirs = answer?.vmm?.lost ?? [];
  expect(answer?.vmm?.name).toBe('QEMU 10.0');
  const alone = theirs.filter(({ register }) => !ours.has(register));
  expect(Object.fromEntries(alone.map(({ register, how }) => [register, how]))).toEqual(
    Object.fromEntries(NOT_PUT_BY_QEMU.map((register) => [register, 'not-put'])),
  );
  // Debian's kernels have no transactional memory.
  expect(answer?.vmm?.refused).toEqual(['TFHAR', 'TFIAR', 'TEXASR']);
  expect(
    [...ours].filter((register) => !theirs.some((loss) => loss.register === register)),
  ).toEqual([]);
});

test('what cannot be migrated is reported before anything is booted', async () => {
  const told = async (...args: string[]): Promise<readonly [number | undefined, string]> => {
    const { exitCode, stderr } = await runCli(['migrate', ...args]);
    return [exitCode, stderr.split('\n').find((line) => line.startsWith('sprmatrix:')) ?? stderr];
  };
  expect(await told('--from=6.1')).toEqual([
    ...[2, 'sprmatrix: migrate needs --from and --to, or --all'],
  ]);
  expect(await told('--all', '--to=6.1')).toEqual([
    2,
    'sprmatrix: --all migrates between all selected cells, and --from, --to or --to-platform is there too',
  ]);
  expect(await told('--from=6.1', '--to=debian-6.12*', PLATFORM)).toEqual([
    ...[2, 'sprmatrix: --to=debian-6.12* is 2 kernels: debian-6.12, debian-6.12-64k'],
  ]);
  const [exitCode, text] = await told('--from=debian-6.2', '--to=6.12', PLATFORM);
  expect(exitCode).toBe(2);
  expect(text).toContain('sprmatrix: no kernel matches "debian-6.2" (nearest first: debian-6.1');
});
