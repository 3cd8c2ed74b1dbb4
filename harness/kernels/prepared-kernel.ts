import type { ByteOrder } from '../base/byte-order.js';

/** A kernel that is ready to boot: every path exists and its content was verified. */
export interface PreparedKernel {
  readonly id: string;
  /** Path of the ELF image. */
  readonly image: string;
  /** Of the image. */
  readonly sha256: string;
  readonly byteOrder: ByteOrder;
  /** The package that the image came from; null for a user's own file. */
  readonly package: { readonly name: string; readonly version: string } | null;
  /** Paths of uncompressed modules in load order: what the agent's channel needs. */
  readonly channelModules: readonly string[];
  /** Paths of uncompressed modules in load order: what KVM needs. */
  readonly kvmModules: readonly string[];
}
