import { expect, test } from '@playwright/test';
import { qemuArguments } from './command-line.js';
import { loadPlatforms } from './platforms.js';

/** The whole command line of the default platforms, an option and its value a line. */
const EXPECTED: Readonly<Record<string, string>> = {
  powernv8: `
    -machine powernv8
    -cpu POWER8
    -m 1024M
    -accel tcg
    -smp 1
    -no-user-config
    -nodefaults
    -global pnv-pnor.size=65536
    -nic none
    -display none
    -no-reboot
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -chardev stdio,id=console,signal=off
    -serial chardev:console
    -chardev socket,id=qmp,fd=3
    -mon chardev=qmp,mode=control
    -chardev socket,id=channel,fd=4
    -device pnv-phb,chip-id=0,index=0
    -device pnv-phb-root-port,id=rp0,bus=pnv-phb3-root.0
    -device virtio-serial-pci,bus=rp0
    -device virtserialport,chardev=channel,name=sprmatrix
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests`,
  powernv9: `
    -machine powernv9
    -cpu POWER9
    -m 1024M
    -accel tcg
    -smp 1
    -no-user-config
    -nodefaults
    -global pnv-pnor.size=65536
    -nic none
    -display none
    -no-reboot
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -chardev stdio,id=console,signal=off
    -serial chardev:console
    -chardev socket,id=qmp,fd=3
    -mon chardev=qmp,mode=control
    -chardev socket,id=channel,fd=4
    -device pnv-phb,chip-id=0,index=0
    -device pnv-phb-root-port,id=rp0,bus=pnv-phb4-root.0
    -device virtio-serial-pci,bus=rp0
    -device virtserialport,chardev=channel,name=sprmatrix
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests`,
  'pseries-p9-nested': `
    -machine pseries,cap-nested-hv=on,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off
    -cpu POWER9
    -m 1024M
    -accel tcg
    -smp 1
    -no-user-config
    -nodefaults
    -nic none
    -display none
    -no-reboot
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -chardev stdio,id=console,signal=off
    -serial chardev:console
    -chardev socket,id=qmp,fd=3
    -mon chardev=qmp,mode=control
    -chardev socket,id=channel,fd=4
    -device virtio-serial-pci
    -device virtserialport,chardev=channel,name=sprmatrix
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests`,
};

const FILES = { kernel: '/cache/vmlinux', initramfs: '/cache/initramfs' };

for (const platform of loadPlatforms().filter(({ isDefault }) => isDefault)) {
  test(`the whole command line of ${platform.id} is as it is written here`, () => {
    const lines = (EXPECTED[platform.id] ?? 'no command line here').trim().split(/\n\s*/);
    const words = lines.flatMap((line) => {
      const [, option = line, value] = /^(\S+) (.*)$/.exec(line) ?? [];
      return value === undefined ? [option] : [option, value];
    });
    expect(qemuArguments(platform, FILES)).toEqual(words);
  });
}

test('no platform reaches a network, a disk or a host folder', () => {
  for (const platform of loadPlatforms()) {
    const args = qemuArguments(platform, FILES).join(' ');
    expect(args, platform.id).toContain('-nic none');
    expect(args, platform.id).not.toMatch(/-(drive|netdev|net|fsdev|virtfs|blockdev|hda)\b/);
  }
});

test("a platform whose host bridges are default devices keeps QEMU's, without a display", () => {
  const [first] = loadPlatforms();
  if (first === undefined) throw new Error('no platforms');
  const args = qemuArguments({ ...first, defaultDevices: true }, FILES).join(' ');
  expect(args).toContain(' -vga none ');
  expect(args).not.toContain('-nodefaults');
});
