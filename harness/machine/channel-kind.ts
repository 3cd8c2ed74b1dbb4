import type { Platform } from './platforms.js';

/**
 * How the agent is reached: through memory that the kernel leaves free (/dev/mem), a virtio-serial port, or
 * the console, where bytes and messages share a line.
 */
export type ChannelKind = 'mailbox' | 'port' | 'console';

/** What each is called in messages. */
export const CHANNEL_NAMES: Readonly<Record<ChannelKind, string>> = {
  mailbox: 'a mailbox in memory',
  port: 'a virtio port',
  console: 'the console',
};

/** As much as the kernel's own memory is less where a platform has a mailbox. */
const MAILBOX_MIB = 16;

/** The channel of a platform's machines, as fast as it has one. */
export function ownChannel({ kernelMemoryMiB }: Platform): ChannelKind {
  return kernelMemoryMiB === undefined ? 'port' : 'mailbox';
}

/**
 * The channels for a kernel that lacks its platform's own, in their order. Where a port is that, interrupts bring
 * back a host whose guest loops (nudge.ts): a console has them, too, and memory has not.
 */
export function otherChannels(platform: Platform): ChannelKind[] {
  return ownChannel(platform) === 'port' ? ['console', 'mailbox'] : ['port', 'console'];
}

/** How much of the memory is the kernel's where a mailbox is the channel. */
export function kernelMemoryMiB({ memoryMiB, kernelMemoryMiB: own }: Platform): number {
  return own ?? memoryMiB - MAILBOX_MIB;
}
