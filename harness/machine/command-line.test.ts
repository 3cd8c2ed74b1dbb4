import { expect, test } from '@playwright/test';
import { qemuArguments } from './command-line.js';
import { otherChannels } from './channel-kind.js';
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
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests cpufreq.off=1 mem=1008M -- --mailbox=0x3f000000`,
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
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests cpufreq.off=1 mem=1008M -- --mailbox=0x3f000000`,
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
    -device virtio-serial-pci,event_idx=off
    -device virtserialport,chardev=channel,name=sprmatrix
    -kernel /cache/vmlinux
    -initrd /cache/initramfs
    -append console=hvc0 quiet panic=-1 cryptomgr.notests cpufreq.off=1`,
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
  const withDefaults = { ...first, defaultDevices: true };
  const args = qemuArguments(withDefaults, FILES, { channel: 'port' }).join(' ');
  expect(args).toContain(' -vga none ');
  expect(args).not.toContain('-nodefaults');
});

test("a machine that is saved shares its memory's file, a restored one has it to itself and boots nothing", () => {
  const platform = loadPlatforms().find(({ id }) => id === 'pseries-p9-nested');
  if (platform === undefined) throw new Error('no pseries-p9-nested');
  const path = '/cache/a,b/ram';
  const saved = qemuArguments(platform, FILES, { memory: { path, isRestored: false } });
  const restored = qemuArguments(platform, FILES, { memory: { path, isRestored: true } });
  const object = 'memory-backend-file,id=memory,size=1024M,mem-path=/cache/a,,b/ram';
  expect(saved.join(' ')).toContain(`-object ${object},share=on -kernel /cache/vmlinux`);
  expect(restored.join(' ')).toMatch(new RegExp(`-object ${object},share=off -incoming defer$`));
  const hypercalls = [{ address: '0xc000000000089108', registers: ['0x000000000000f800'] }];
  const again = qemuArguments(platform, FILES, { memory: { path, isRestored: true, hypercalls } });
  expect(again.join(' ')).toContain('-chardev socket,id=gdb,fd=5 -gdb chardev:gdb -incoming defer');
  for (const args of [saved, restored]) expect(args[1]).toMatch(/,memory-backend=memory$/);
});

test('a kernel without the channel of its platform is reached by another, in its order', () => {
  const [powernv, pseries] = ['powernv9', 'pseries-p9-nested'].map((id) => {
    const platform = loadPlatforms().find((it) => it.id === id);
    if (platform === undefined) throw new Error(`no ${id}`);
    return {
      others: otherChannels(platform),
      port: qemuArguments(platform, FILES, { channel: 'port' }).join(' '),
      mailbox: qemuArguments(platform, FILES, { channel: 'mailbox' }).join(' '),
      console: qemuArguments(platform, FILES, { channel: 'console' }).join(' '),
    };
  });
  expect(powernv?.others).toEqual(['port', 'console']);
  expect(pseries?.others).toEqual(['console', 'mailbox']);
  expect(powernv?.port).toContain('-device virtserialport,chardev=channel,name=sprmatrix');
  expect(pseries?.mailbox).toMatch(/ mem=1008M -- --mailbox=0x3f000000$/);
  for (const { console } of [powernv, pseries].flatMap((it) => it ?? [])) {
    expect(console).toMatch(/ -- --console$/);
    expect(console).not.toContain('virtserialport');
  }
});
