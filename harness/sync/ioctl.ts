import { SprmatrixError } from '../base/error.js';
import { errnoName } from './errno.js';
import { CONSTANTS } from './layout.js';
import { library } from './library.js';
import type { Backend } from './library.js';
import { fromNative, toNative } from './native-operations.js';
import type { Operation } from './native-operations.js';

/**
 * What stands in for `ioctl(2)`: returns what the call returns, or a negative errno. `argument` is
 * the address of what the request points to, or the number that is passed instead.
 */
export type Ioctl = (fd: number, request: number, argument: bigint) => number;

/** Where ioctls go: a supplied function, or the kernel of this machine when there is none. */
export interface KvmFile {
  readonly fd: number;
  readonly ioctl?: Ioctl;
}

/** What `sprsync_check_capabilities` found. */
export interface Capabilities {
  /** KVM_CAP_ONE_REG: without it nothing is tried. */
  readonly oneReg: boolean;
  /** KVM_CAP_PPC_HIOR */
  readonly hior: boolean;
}

const CAPABILITY = {
  oneReg: CONSTANTS.SPRSYNC_CAP_ONE_REG,
  hior: CONSTANTS.SPRSYNC_CAP_HIOR,
} as const;

/** `enum sprsync_capability` as a mask. */
export function capabilityMask({ oneReg, hior }: Capabilities): number {
  return (oneReg ? CAPABILITY.oneReg : 0) | (hior ? CAPABILITY.hior : 0);
}

/**
 * Asks a /dev/kvm or VM file for the capabilities that matter here.
 * @internal the agent asks by itself, in C
 */
export function checkCapabilities(file: KvmFile): Capabilities {
  const found = new Uint32Array(1);
  const memory = new Uint8Array(found.buffer);
  const result = withBackend(file, (backend) =>
    library().checkCapabilities(backend, file.fd, memory),
  );
  throwIfNegative(result, 'KVM_CHECK_EXTENSION');
  const [mask = 0] = found;
  return {
    oneReg: (mask & CAPABILITY.oneReg) !== 0,
    hior: (mask & CAPABILITY.hior) !== 0,
  };
}

/** Makes the calls on a vCPU, in order; each operation comes back with its value and errno. */
export function executeOperations(vcpu: KvmFile, operations: readonly Operation[]): Operation[] {
  const native = toNative(operations);
  withBackend(vcpu, (backend) => library().execute(backend, vcpu.fd, native, operations.length));
  return fromNative(native, operations.length);
}

/** The error of a call of libsprsync that returned a negative errno; `what` failed. */
export function throwIfNegative(result: number, what: string): void {
  if (result >= 0) return;
  throw new SprmatrixError({
    code: 'SPRSYNC_FAILED',
    message: `${what}: ${errnoName(result)}`,
  });
}

/**
 * Calls C with the file's ioctl. What the ioctl throws is thrown here: C cannot pass it on, and
 * koffi would tell C that the call had succeeded.
 */
function withBackend(file: KvmFile, work: (backend: Backend) => number): number {
  const { ioctl } = file;
  if (ioctl === undefined) return work(null);
  const thrown: unknown[] = [];
  const result = work({
    context: null,
    call: (_context, fd, request, argument) => {
      if (thrown.length > 0) return ABANDONED;
      try {
        return ioctl(fd, request, argument ?? 0n);
      } catch (error) {
        thrown.push(error);
        return ABANDONED;
      }
    },
  });
  if (thrown.length > 0) throw thrown[0];
  return result;
}

/** -ECANCELED: it is never seen, as the error is thrown instead. */
const ABANDONED = -125;
