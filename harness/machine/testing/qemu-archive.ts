import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../base/tool.js';
import type { QemuPackages } from '../platforms.js';

export const SUITE = { suite: 'new', base: ['old'] };

/** Plays the dynamic loader: it lists one library next to itself, or is the QEMU that it loads. */
export const LOADER = `#!/bin/sh
case "$*" in
*--list*) here=$(dirname "$(dirname "$0")"); echo "libx.so.1 => $here/lib/x86_64-linux-gnu/libx.so.1 (0x1)";;
*) echo "QEMU emulator version 10.0.2"; echo "$@" >&2;;
esac
`;

export interface QemuArchive {
  readonly packages: QemuPackages;
  readonly cacheFolder: string;
  /** What apt was asked for, a line each. */
  readonly calls: () => Promise<string[]>;
}

/**
 * An archive with one package of QEMU, and an apt-get on the PATH that has it: whoever calls it puts the
 * PATH back.
 */
export async function qemuArchive(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<QemuArchive> {
  const root = join(folder, 'package');
  const bin = join(folder, 'bin');
  await mkdir(join(root, 'DEBIAN'), { recursive: true });
  await mkdir(bin);
  await writeFile(
    join(root, 'DEBIAN/control'),
    'Package: qemu-system-ppc\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n',
  );
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text, { mode: 0o755 });
  }
  const deb = join(folder, 'qemu.deb');
  await runTool('dpkg-deb', ['--build', '--root-owner-group', root, deb]);
  const log = join(folder, 'calls');
  await writeFile(log, '');
  await writeFile(
    join(bin, 'apt-get'),
    `#!/bin/sh
echo "$@" >> ${log}
case "$*" in
*--print-uris*) echo "'http://mirror.example/qemu.deb' qemu.deb 1 SHA256:1";;
*--download-only*)
  for word in "$@"; do case $word in Dir::Cache=*) cp ${deb} "\${word#Dir::Cache=}/archives/";; esac; done;;
esac
`,
    { mode: 0o755 },
  );
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
  const keyring = join(folder, 'keys.gpg');
  await writeFile(keyring, '');
  return {
    packages: { package: 'qemu-system-ppc', component: 'main', keyring, suites: [SUITE] },
    cacheFolder: join(folder, 'cache'),
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean),
  };
}

/** A package of QEMU 10.0.2 that has all it needs. */
export const WHOLE = {
  'usr/bin/qemu-system-ppc64': 'ELF /lib64/ld-fake.so.2 and more',
  'lib64/ld-fake.so.2': LOADER,
  'lib/x86_64-linux-gnu/libx.so.1': 'x',
  'usr/share/qemu/skiboot.lid': 'skiboot',
  'usr/share/qemu/vof.bin': 'vof',
  'usr/lib/unneeded': 'not kept',
};
