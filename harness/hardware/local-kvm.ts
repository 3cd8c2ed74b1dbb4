import { closeSync, constants, openSync, readSync } from 'node:fs';
import { constants as os } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { SprmatrixError } from '../base/error.js';
import type { CallFile, HostileCall, HostileResult } from '../agent/hostile-calls.js';
import type { GeneralRegs, KvmHost, VcpuExit, VcpuHandle, VmHandle } from '../agent/kvm-host.js';
import { REG_NAMES } from '../agent/kvm-host.js';
import { PROTOCOL_RUN_DATA } from '../agent/protocol.js';
import { errnoName } from '../sync/errno.js';
import { executeOperations } from '../sync/ioctl.js';
import { viewMemory } from '../sync/library.js';
import type { Operation } from '../sync/operation.js';
import { HostileMemory } from './hostile-memory.js';
import { runVcpu } from './kvm-run.js';
import { libc, O_CLOEXEC, O_RDWR } from './libc.js';
import { RunLimit } from './run-limit.js';

/** ioctl numbers: 0xae is KVM's; direction and size as arch/powerpc/include/uapi/asm/ioctl.h has them. */
const io = (number: number): number => 0x2000_ae00 + number;
const ior = (number: number, size: number): number => 0x4000_ae00 + size * 0x1_0000 + number;
const iow = (number: number, size: number): number => 0x8000_ae00 + size * 0x1_0000 + number;

/** Bytes of what ioctls point to (include/uapi/linux/kvm.h, arch/powerpc/include/uapi/asm/kvm.h). */
const SIZE = {
  regs: 8 * (REG_NAMES.length + 32),
  memoryRegion: 32,
  enableCap: 104,
  oneReg: 16,
} as const;

const KVM = {
  getApiVersion: io(0x00),
  createVm: io(0x01),
  checkExtension: io(0x03),
  getVcpuMmapSize: io(0x04),
  createVcpu: io(0x41),
  setUserMemoryRegion: iow(0x46, SIZE.memoryRegion),
  getRegs: ior(0x81, SIZE.regs),
  setRegs: iow(0x82, SIZE.regs),
  setSignalMask: iow(0x8b, 4),
  enableCap: iow(0xa3, SIZE.enableCap),
  getOneReg: iow(0xab, SIZE.oneReg),
  setOneReg: iow(0xac, SIZE.oneReg),
} as const;
const API_VERSION = 12;
/** In struct kvm_run. */
const RUN = { exitReason: 8, exitData: 32 } as const;
const KMSG_RECORD_MAX = 8192;

interface Vm {
  readonly fd: number;
  readonly vcpus: Set<VcpuHandle>;
  readonly memory: { readonly guest: bigint; readonly host: bigint; readonly size: bigint }[];
}

interface Vcpu {
  readonly fd: number;
  readonly vm: VmHandle;
  /** The address of its struct kvm_run. */
  readonly run: bigint;
}

/**
 * KVM of the machine that this process runs on, asked in process: the counterpart of the agent's
 * vm.c. A call keeps the event loop waiting, so budgets and signals of requests have no effect; runs
 * have a limit of their own. Handles are file descriptors. Errors: `KVM_REFUSED`.
 */
export class LocalKvm implements KvmHost {
  readonly #path: string;
  readonly #vms = new Map<VmHandle, Vm>();
  readonly #vcpus = new Map<VcpuHandle, Vcpu>();
  #kvm: { readonly fd: number; readonly runSize: bigint } | undefined;
  #limit: RunLimit | undefined;
  #kernelLog: number | undefined;

  constructor(path = '/dev/kvm') {
    this.#path = path;
  }

  openKvm(capabilities: Readonly<Record<string, number>>): Promise<Record<string, number>> {
    return answer(() => {
      const { fd } = this.#open();
      const entries = Object.entries(capabilities).map(([name, number]): [string, number] => [
        name,
        libc().ioctl(fd, KVM.checkExtension, number),
      ]);
      return Object.fromEntries(entries);
    });
  }

  createVm(type: number): Promise<VmHandle> {
    return answer(() => {
      const fd = libc().ioctl(this.#open().fd, KVM.createVm, type);
      const vm = accepted('KVM_CREATE_VM', fd) as VmHandle;
      this.#vms.set(vm, { fd, vcpus: new Set(), memory: [] });
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
      const { fd: vmFd, vcpus } = this.#vm(vm);
      const fd = accepted('KVM_CREATE_VCPU', libc().ioctl(vmFd, KVM.createVcpu, id));
      const run = libc().map(this.#open().runSize, fd);
      if (run < 0n) libc().close(fd);
      accepted('mmap of a vCPU', Number(run));
      const vcpu = fd as VcpuHandle;
      vcpus.add(vcpu);
      this.#vcpus.set(vcpu, { fd, vm, run });
      return vcpu;
    });
  }

  enableVcpuCap(vcpu: VcpuHandle, capability: number): Promise<void> {
    return answer(() => {
      const cap = Buffer.alloc(SIZE.enableCap);
      cap.writeUInt32LE(capability, 0);
      accepted('KVM_ENABLE_CAP', libc().ioctl(this.#vcpu(vcpu).fd, KVM.enableCap, cap));
    });
  }

  execute(vcpu: VcpuHandle, operations: readonly Operation[]): Promise<Operation[]> {
    return answer(() => executeOperations({ fd: this.#vcpu(vcpu).fd }, operations));
  }

  addMemory(vm: VmHandle, slot: number, address: bigint, size: bigint): Promise<void> {
    return answer(() => {
      const { fd, memory } = this.#vm(vm);
      const host = libc().map(size);
      if (host < 0n) accepted('mmap', Number(host));
      const region = Buffer.alloc(SIZE.memoryRegion);
      region.writeUInt32LE(slot, 0);
      [address, size, host].forEach((value, index) =>
        region.writeBigUInt64LE(value, 8 + 8 * index),
      );
      const result = libc().ioctl(fd, KVM.setUserMemoryRegion, region);
      if (result < 0) libc().unmap(host, size);
      accepted('KVM_SET_USER_MEMORY_REGION', result);
      memory.push({ guest: address, host, size });
    });
  }

  writeMemory(vm: VmHandle, address: bigint, bytes: Uint8Array): Promise<void> {
    return answer(() => {
      // The instruction caches of POWER4 and later see what the data caches have.
      this.#memory(vm, address, bytes.length).set(bytes);
    });
  }

  readMemory(vm: VmHandle, address: bigint, size: number): Promise<Buffer> {
    return answer(() => Buffer.from(this.#memory(vm, address, size)));
  }

  getRegs(vcpu: VcpuHandle): Promise<GeneralRegs> {
    return answer(() => {
      const regs = Buffer.alloc(SIZE.regs);
      accepted('KVM_GET_REGS', libc().ioctl(this.#vcpu(vcpu).fd, KVM.getRegs, regs));
      const value = (index: number): bigint => regs.readBigUInt64LE(index * 8);
      const named = Object.fromEntries(
        REG_NAMES.map((name, index) => [name, value(index)]),
      ) as Record<(typeof REG_NAMES)[number], bigint>;
      const gpr = Array.from({ length: 32 }, (_, index) => value(REG_NAMES.length + index));
      return { ...named, gpr };
    });
  }

  setRegs(vcpu: VcpuHandle, regs: GeneralRegs): Promise<void> {
    return answer(() => {
      const bytes = Buffer.alloc(SIZE.regs);
      [...REG_NAMES.map((name) => regs[name]), ...regs.gpr].forEach((value, index) =>
        bytes.writeBigUInt64LE(value, index * 8),
      );
      accepted('KVM_SET_REGS', libc().ioctl(this.#vcpu(vcpu).fd, KVM.setRegs, bytes));
    });
  }

  run(vcpu: VcpuHandle, limitMs: number): Promise<VcpuExit> {
    return answer(() => {
      const { fd, run } = this.#vcpu(vcpu);
      this.#limit ??= new RunLimit();
      const mask = libc().ioctl(fd, KVM.setSignalMask, RunLimit.signalMask);
      accepted('KVM_SET_SIGNAL_MASK', mask);
      const result = this.#limit.during(limitMs, () => runVcpu(fd));
      const state = Buffer.from(viewMemory(run, RUN.exitData + PROTOCOL_RUN_DATA));
      return {
        // KVM_RUN returns 2 or 3 on success in 5.10.
        errno: Math.max(-result, 0),
        reason: state.readUInt32LE(RUN.exitReason),
        data: state.subarray(RUN.exitData),
      };
    });
  }

  kernelLog(): Promise<string> {
    return answer(() => {
      this.#kernelLog ??= openKernelLog();
      const record = Buffer.alloc(KMSG_RECORD_MAX);
      let text = '';
      for (;;) {
        const size = readRecord(this.#kernelLog, record);
        if (size === 0) return text;
        text += record.toString('utf8', 0, size);
      }
    });
  }

  /** As the agent's hostile.c; there is no second thread for races here. */
  hostileCalls(
    vcpu: VcpuHandle,
    file: CallFile,
    calls: readonly HostileCall[],
  ): Promise<HostileResult[]> {
    return answer(() => {
      const fd = this.#callFile(vcpu, file);
      const memory = new HostileMemory();
      try {
        return calls.map((call) => {
          const address = memory.place(call);
          const request = call.direction === 'put' ? KVM.setOneReg : KVM.getOneReg;
          return memory.result(call, libc().ioctl(fd, request, address));
        });
      } finally {
        memory.close();
      }
    });
  }

  /** Closes everything; the kernel frees what VMs held. */
  close(): void {
    for (const vm of this.#vms.keys()) this.#destroy(vm);
    if (this.#kvm !== undefined) libc().close(this.#kvm.fd);
    if (this.#kernelLog !== undefined) closeSync(this.#kernelLog);
    this.#kvm = undefined;
    this.#kernelLog = undefined;
  }

  #open(): { readonly fd: number; readonly runSize: bigint } {
    if (this.#kvm !== undefined) return this.#kvm;
    const fd = accepted(this.#path, libc().open(this.#path, O_RDWR | O_CLOEXEC));
    const version = libc().ioctl(fd, KVM.getApiVersion, 0);
    const runSize = libc().ioctl(fd, KVM.getVcpuMmapSize, 0);
    if (version !== API_VERSION || runSize < 0) {
      libc().close(fd);
      throw new SprmatrixError({
        code: 'KVM_REFUSED',
        message: `${this.#path} is no KVM: KVM_GET_API_VERSION answers ${version < 0 ? errnoName(version) : version}, not ${API_VERSION}`,
      });
    }
    this.#kvm = { fd, runSize: BigInt(runSize) };
    return this.#kvm;
  }

  #destroy(vm: VmHandle): void {
    const { fd, vcpus, memory } = this.#vm(vm);
    for (const handle of vcpus) {
      const vcpu = this.#vcpu(handle);
      libc().unmap(vcpu.run, this.#open().runSize);
      libc().close(vcpu.fd);
      this.#vcpus.delete(handle);
    }
    libc().close(fd);
    for (const { host, size } of memory) libc().unmap(host, size);
    this.#vms.delete(vm);
  }

  #vm(vm: VmHandle): Vm {
    return this.#vms.get(vm) ?? refused('VM', -os.errno.EBADF);
  }

  #vcpu(vcpu: VcpuHandle): Vcpu {
    return this.#vcpus.get(vcpu) ?? refused('vCPU', -os.errno.EBADF);
  }

  #callFile(handle: VcpuHandle, file: CallFile): number {
    const { fd, vm } = this.#vcpu(handle);
    switch (file) {
      case 'vcpu':
        return fd;
      case 'vm':
        return this.#vm(vm).fd;
      case 'closed': {
        const copy = accepted('dup of a vCPU', libc().dup(fd));
        libc().close(copy);
        return copy;
      }
    }
  }

  /** Guest memory as it is, not a copy. */
  #memory(vm: VmHandle, address: bigint, size: number): Uint8Array {
    for (const { guest, host, size: length } of this.#vm(vm).memory) {
      const offset = address - guest;
      if (offset < 0n || offset + BigInt(size) > length) continue;
      return viewMemory(host + offset, size);
    }
    return refused('guest memory', -os.errno.EFAULT);
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

function openKernelLog(): number {
  try {
    return openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return refused('/dev/kmsg', (error as NodeJS.ErrnoException).errno ?? -os.errno.EIO);
  }
}

/** The length of the kernel log's next record, 0 when there is none. */
function readRecord(fd: number, record: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, record);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return 0;
      if (code !== 'EPIPE') throw error; // some records were overwritten: go on with the next
    }
  }
}
