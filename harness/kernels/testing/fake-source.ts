import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runTool } from '../../base/tool.js';
import type { DebianPackage } from '../kernel-catalogue.generated.js';
import { makeDeb } from './fake-archive.js';
import { fakeImage } from './fake-elf.js';

/** What an index says of a source package. */
export function sourceStanza(
  name: string,
  version: string,
  { size = 1000, sha256 = 'a'.repeat(64) } = {},
): string {
  return `Package: ${name}\nVersion: ${version}\nFilename: pool/main/l/linux/${name}_${version}_all.deb\nSize: ${size}\nSHA256: ${sha256}\n\n`;
}

/** Configures with what it is asked for, but for CONFIG_LOST, and "compiles" three files. */
export const MAKEFILE = `allnoconfig:
	@grep -v CONFIG_LOST= $(KCONFIG_ALLCONFIG) > $(O)/.config
vmlinux:
	@test -n "$$KBUILD_BUILD_TIMESTAMP" && test "$(ARCH)" = powerpc
	@echo "  HOSTCC  scripts/fixdep"
	@echo "  CC      kernel/fork.o"
	@$(MIDDLE)
	@cp image $(O)/vmlinux
	@echo "  LD      vmlinux"
`;

/** A tree that can be "built" in no time. */
export async function writeFakeTree(folder: string, makefile = MAKEFILE): Promise<void> {
  const files: Readonly<Record<string, Buffer | string>> = {
    Makefile: makefile,
    Kconfig: 'source "arch/powerpc/Kconfig"\n',
    'arch/powerpc/Kconfig': 'config LOST\n\tbool "lost"\n\tdepends on NEVER\n',
    image: fakeImage([
      'Linux version 5.10.218 (x)',
      'kvm.halt_poll_ns',
      'virtio-pci',
      'virtio_console',
    ]),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A linux-source package with such a tree, in `debs`. */
export async function makeSourceDeb(debs: string, makefile = MAKEFILE): Promise<DebianPackage> {
  const tree = join(debs, 'linux-source-5.10');
  await writeFakeTree(tree, makefile);
  const tarball = join(debs, 'source.tar.xz');
  await runTool('tar', ['-C', debs, '-cJf', tarball, 'linux-source-5.10']);
  const files = { 'usr/src/linux-source-5.10.tar.xz': await readFile(tarball) };
  return makeDeb(debs, 'linux-source-5.10', files, '5.10.218-1');
}

/** Programs that do nothing but say a version, in a folder for the PATH. */
export async function writeFakePrograms(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    await writeFile(join(folder, name), '#!/bin/sh\necho "$0 12.2.0" | sed "s,.*/,,"\n');
    await chmod(join(folder, name), 0o755);
  }
}
