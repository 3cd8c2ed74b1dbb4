import type { DebianSource } from './kernel-catalogue.generated.js';
import type { KernelBuild } from './kernels.generated.js';

/** The user's own kernel: an image, and where its modules are when it has some. */
export interface FileSource {
  readonly kind: 'file';
  /** Absolute path of an ELF image: what was given, or what was unpacked of it into the cache. */
  readonly image: string;
  /** Absolute path of the folder of its release's modules. */
  readonly modules?: string;
  readonly sha256: string;
  /** How it was given: what selects it again. */
  readonly given: { readonly kernel: string; readonly modules: readonly string[] };
}

/** A kernel that is built here from a Debian source package. */
export interface BuildSource {
  readonly kind: 'build';
  readonly build: KernelBuild;
}

/** A kernel that is built here from a commit of a git repository. */
export interface GitSource {
  readonly kind: 'git';
  /** The repository's short name in matrix/kernels.json, or a part of its address. */
  readonly repository: string;
  /** Whether that name, or none, selects it. */
  readonly isDefault: boolean;
  readonly url: string;
  /** The tag or branch that was named, without refs/tags/ or refs/heads/; or the commit. */
  readonly ref: string;
  readonly commit: string;
}

/** A kernel that can be selected: where it comes from, not yet fetched. */
export interface KernelEntry {
  /** E.g. "debian-6.12", "debian-6.12-64k", "build-5.10-be", "file-6.19.0-rc3-1a2b3c4d". */
  readonly id: string;
  /** major.minor; empty when a user's file does not tell. */
  readonly line: string;
  /** Upstream's, e.g. "6.12.95" or "7.3-rc7"; a build's line; empty when a user's file does not tell. */
  readonly version: string;
  /** Empty, or what tells it from the line's main kernel: "64k". */
  readonly variant: string;
  readonly source: DebianSource | FileSource | BuildSource | GitSource;
}

/** Options of everything here that takes time. */
export interface KernelOptions {
  readonly signal?: AbortSignal | undefined;
  /** What is going on now, for a line that is written over: "linux-image-…: 45 % of 80 MB". */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** A line that a person should see, e.g. that a broken cache entry is fetched again. */
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Where Debian's packages are (`--mirror`); the machine's own apt says it otherwise. */
  readonly mirror?: string | undefined;
  /** Instead of `cacheRoot()`. */
  readonly cacheFolder?: string | undefined;
}
