import {
  PROTOCOL_CONSOLE_OPTION,
  PROTOCOL_MAILBOX_OPTION,
  PROTOCOL_PORT_NAME,
} from '../agent/protocol.js';
import type { ChannelKind } from './channel-kind.js';
import { kernelMemoryMiB, ownChannel } from './channel-kind.js';
import type { Platform } from './platforms.js';
import type { Hypercall } from './snapshots/snapshot.generated.js';

/** File descriptors that QEMU inherits: one socket for QMP, one for the agent's channel, one for its debugger. */
export const QMP_FD = 3;
export const CHANNEL_FD = 4;
export const GDB_FD = 5;

/** What is booted. */
export interface BootFiles {
  /** Paths of the kernel image and of the initramfs. */
  readonly kernel: string;
  readonly initramfs: string;
}

/** What a machine is started with besides its platform and what it boots. */
export interface Wiring {
  readonly memory?: MemoryFile | undefined;
  /** How its agent is reached; the platform's own way unless it says otherwise. */
  readonly channel?: ChannelKind | undefined;
}

/** The machine's memory as a file: shared with it while it boots, mapped privately when restored. */
export interface MemoryFile {
  readonly path: string;
  readonly isRestored: boolean;
  /** Of a machine that boots: where QEMU logs its interrupts and hypercalls. */
  readonly hypercallLog?: string | undefined;
  /** Of a restored machine: what it has to make again before it goes on. */
  readonly hypercalls?: readonly Hypercall[] | undefined;
}

/**
 * The kernel's own self tests of its ciphers take a fifth of a stock kernel's boot and have no part
 * in KVM; a panic must end the machine, and only errors belong on the console. powernv-cpufreq warns of a
 * processor that is slowed down when a governor first slows QEMU's, now before, now after the agent's hello.
 */
const KERNEL_COMMAND_LINE = 'quiet panic=-1 cryptomgr.notests cpufreq.off=1';

const MEMORY_ID = 'memory';

/** QEMU's own seccomp filter, everything it can deny (qemu-options, -sandbox). */
const SANDBOX = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

/**
 * QEMU's arguments for a platform: no network, no default devices that are not needed, no host
 * files but the kernel and the initramfs, and `memory` if there is one. The console is QEMU's
 * standard output. A machine that is restored boots nothing: it waits for its state (-incoming).
 */
export function qemuArguments(
  platform: Platform,
  files: BootFiles,
  { memory, channel = ownChannel(platform) }: Wiring = {},
): string[] {
  const machine = memory === undefined ? '' : `,memory-backend=${MEMORY_ID}`;
  const needsDefaults = platform.defaultDevices && channel === 'port';
  return [
    ...['-machine', platform.machine + machine, '-cpu', platform.cpu],
    ...['-m', `${platform.memoryMiB}M`],
    ...['-accel', 'tcg', '-smp', threadsOption(platform)],
    ...['-no-user-config', ...(needsDefaults ? ['-vga', 'none'] : ['-nodefaults'])],
    ...(platform.globals ?? []).flatMap((option) => ['-global', option]),
    ...['-nic', 'none', '-display', 'none', '-no-reboot'],
    ...['-sandbox', SANDBOX],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-chardev', `socket,id=qmp,fd=${QMP_FD}`, '-mon', 'chardev=qmp,mode=control'],
    ...(channel === 'port' ? portArguments(platform) : []),
    ...(memory === undefined ? [] : ['-object', memoryObject(platform, memory)]),
    ...(memory?.hypercallLog === undefined ? [] : ['-d', 'int', '-D', memory.hypercallLog]),
    ...((memory?.hypercalls ?? []).length === 0
      ? []
      : ['-chardev', `socket,id=gdb,fd=${GDB_FD}`, '-gdb', 'chardev:gdb']),
    ...(memory?.isRestored === true
      ? ['-incoming', 'defer']
      : bootArguments(platform, files, channel)),
  ];
}

/** One core. */
function threadsOption({ threads }: Platform): string {
  return threads === undefined ? '1' : `${threads},threads=${threads}`;
}

/** The physical address of a platform's mailbox. */
export function mailboxAddress(platform: Platform): number {
  return kernelMemoryMiB(platform) * 2 ** 20;
}

function portArguments({ devices }: Platform): string[] {
  const port = 'virtserialport,chardev=channel,name=' + PROTOCOL_PORT_NAME;
  return [
    ...['-chardev', `socket,id=channel,fd=${CHANNEL_FD}`],
    ...[...devices, port].flatMap((device) => ['-device', device]),
  ];
}

function bootArguments(platform: Platform, files: BootFiles, channel: ChannelKind): string[] {
  const words = [platform.commandLine, KERNEL_COMMAND_LINE];
  const agentOptions: string[] = [];
  if (channel === 'mailbox') {
    words.push(`mem=${kernelMemoryMiB(platform)}M`);
    agentOptions.push(`${PROTOCOL_MAILBOX_OPTION}0x${mailboxAddress(platform).toString(16)}`);
  }
  if (channel === 'console') agentOptions.push(PROTOCOL_CONSOLE_OPTION);
  // What stands behind -- is for init alone (the kernel's init/main.c, set_init_arg).
  if (agentOptions.length > 0) words.push('--', ...agentOptions);
  return [
    ...['-kernel', files.kernel, '-initrd', files.initramfs],
    ...['-append', words.join(' ')],
  ];
}

function memoryObject({ memoryMiB }: Platform, { path, isRestored }: MemoryFile): string {
  // A comma ends a value unless it is doubled (QEMU's util/keyval.c).
  const mapped = `mem-path=${path.replaceAll(',', ',,')},share=${isRestored ? 'off' : 'on'}`;
  return `memory-backend-file,id=${MEMORY_ID},size=${memoryMiB}M,${mapped}`;
}
