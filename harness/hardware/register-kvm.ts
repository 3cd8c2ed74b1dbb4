import { constants as os } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import koffi from 'koffi';
import { kvmRequest } from '../agent/kvm-ioctl.js';
import type { RegisterHost, VcpuHandle, VmHandle } from '../agent/kvm-host.js';
import { SprmatrixError } from '../base/error.js';
import { errnoName } from '../sync/errno.js';
import { executeOperations } from '../sync/ioctl.js';
import type { Operation } from '../sync/operation.js';
import { libc, O_CLOEXEC, O_RDWR } from './libc.js';

/** struct kvm_enable_cap (include/uapi/linux/kvm.h), which koffi lays out as the C compiler does. */
const ENABLE_CAP_SIZE = koffi.sizeof(
  koffi.struct({
    cap: 'uint32_t',
    flags: 'uint32_t',
    args: koffi.array('uint64_t', 4),
    pad: koffi.array('uint8_t', 64),
  }),
);

const KVM = {
  createVm: kvmRequest('none', 0x01, 0),
  createVcpu: kvmRequest('none', 0x41, 0),
  enableCap: kvmRequest('write', 0xa3, ENABLE_CAP_SIZE),
} as const;

/**
 * vCPUs of this machine's KVM for ONE_REG calls alone, which libsprsync makes in process: KVM lets a VM
 * be used by the process that made it and by no other. Handles are file descriptors. A call keeps the event
 * loop waiting, so budgets and signals of requests have no effect. Errors: `KVM_REFUSED`.
 */
export class RegisterKvm implements RegisterHost {
  readonly #path: string;
  readonly #vcpusOf = new Map<VmHandle, VcpuHandle[]>();
  #kvm: number | undefined;

  constructor(path = '/dev/kvm') {
    this.#path = path;
  }

  createVm(type: number): Promise<VmHandle> {
    return answer(() => {
      this.#kvm ??= accepted(this.#path, libc().open(this.#path, O_RDWR | O_CLOEXEC));
      const vm = accepted('KVM_CREATE_VM', libc().ioctl(this.#kvm, KVM.createVm, type)) as VmHandle;
      this.#vcpusOf.set(vm, []);
      return vm;
    });
  }

  destroyVm(vm: VmHandle): Promise<void> {
    return answer(() => {
      this.#destroy(vm);
    });
  }

  createVcpu(vm: VmHandle, id: number): Promise<VcpuHandle> {
    return answer(() => {
      const vcpu = accepted('KVM_CREATE_VCPU', libc().ioctl(vm, KVM.createVcpu, id)) as VcpuHandle;
      this.#vcpusOf.get(vm)?.push(vcpu);
      return vcpu;
    });
  }

  enableVcpuCap(vcpu: VcpuHandle, capability: number): Promise<void> {
    return answer(() => {
      const cap = Buffer.alloc(ENABLE_CAP_SIZE);
      cap.writeUInt32LE(capability, 0);
      accepted('KVM_ENABLE_CAP', libc().ioctl(vcpu, KVM.enableCap, cap));
    });
  }

  execute(vcpu: VcpuHandle, operations: readonly Operation[]): Promise<Operation[]> {
    return answer(() => executeOperations({ fd: vcpu }, operations));
  }

  /** Closes everything; the kernel frees what VMs held. */
  close(): void {
    for (const vm of this.#vcpusOf.keys()) this.#destroy(vm);
    if (this.#kvm !== undefined) libc().close(this.#kvm);
    this.#kvm = undefined;
  }

  #destroy(vm: VmHandle): void {
    const vcpus = this.#vcpusOf.get(vm) ?? refused('VM', -os.errno.EBADF);
    for (const file of [...vcpus, vm]) libc().close(file);
    this.#vcpusOf.delete(vm);
  }
}

/** `work` as a promise that rejects where it throws. */
function answer<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function accepted(what: string, result: number): number {
  return result < 0 ? refused(what, result) : result;
}

/** In the words of the agent's refusals. */
function refused(what: string, error: number): never {
  const text = getSystemErrorMap().get(error)?.[1] ?? errnoName(error);
  throw new SprmatrixError({
    code: 'KVM_REFUSED',
    message: `${what}: ${text} (${errnoName(error)})`,
  });
}
