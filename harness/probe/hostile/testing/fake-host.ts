import type { HostileCall, HostileResult } from '../../../agent/hostile-calls.js';
import type { KvmHost, VcpuHandle, VmHandle } from '../../../agent/kvm-host.js';
import { REG_NAMES } from '../../../agent/layouts.js';
import type { RegisterRecord } from '../../../record/record.generated.js';
import { findRegisterById, registerTable, sizeOfId } from '../../../sync/register-table.js';
import { allOnes, distinctValue } from '../../patterns.js';
import { untestedRow } from '../../classify.js';
import { GuestRegister } from '../../guest/guest-step.js';

const [EBADF, EFAULT, EINVAL, ENOTTY] = [-9, -14, -22, -25];
const READABLE = ['memory', 'misaligned', 'two-pages', 'read-only'];
const WRITABLE = ['memory', 'misaligned', 'two-pages'];

/** A host whose vCPU holds what is put, and refuses what a kernel has to refuse. */
export interface FakeHost {
  readonly host: KvmHost;
  /** Values by id. */
  readonly held: Map<bigint, bigint>;
  /** Records for the next reading of the kernel's log. */
  readonly log: string[];
}

/** The host; `changes` are the methods that behave otherwise. */
export function fakeHost(changes: (fake: FakeHost) => Partial<KvmHost> = () => ({})): FakeHost {
  const held = new Map<bigint, bigint>();
  const log: string[] = [];
  const dar = registerTable().find(({ name }) => name === 'DAR');
  if (dar === undefined) throw new Error('no DAR');
  const host: KvmHost = {
    openKvm: () => Promise.resolve({}),
    createVm: () => Promise.resolve(0 as VmHandle),
    destroyVm: () => Promise.resolve(),
    createVcpu: () => Promise.resolve(0 as VcpuHandle),
    enableVcpuCap: () => Promise.resolve(),
    addMemory: () => Promise.resolve(),
    writeMemory: () => Promise.resolve(),
    // The slots of a guest that reads DAR and writes it.
    readMemory: (_vm, _address, size) => {
      const slots = Buffer.alloc(size);
      slots.writeBigUInt64LE(distinctValue(dar), 16);
      for (let at = 32; at < size; at += 48) slots.writeBigUInt64LE(1n, at);
      return Promise.resolve(slots);
    },
    getRegs: () => {
      const named = Object.fromEntries(REG_NAMES.map((name) => [name, 0n])) as Record<
        (typeof REG_NAMES)[number],
        bigint
      >;
      const gpr = new Array<bigint>(32).fill(0n);
      gpr[GuestRegister.slot] = 0x10_0000n;
      return Promise.resolve({ ...named, gpr });
    },
    setRegs: () => Promise.resolve(),
    run: () => {
      held.set(dar.id, ~distinctValue(dar) & allOnes(dar));
      return Promise.resolve({ errno: 0, reason: 19, data: Buffer.alloc(0) });
    },
    kernelLog: () => Promise.resolve(log.splice(0).join('\n')),
    execute: (_vcpu, operations) =>
      Promise.resolve(
        operations.map((operation) => {
          if (findRegisterById(operation.id) === undefined) return { ...operation, error: EINVAL };
          if (operation.direction === 'put') held.set(operation.id, operation.value);
          return { ...operation, value: held.get(operation.id) ?? 0n, error: 0 };
        }),
      ),
    hostileCalls: (_vcpu, file, calls) =>
      Promise.resolve(
        calls.map((call) => {
          if (file === 'vcpu') return answer(call, held);
          return { error: file === 'vm' ? ENOTTY : EBADF, extent: 0, value: 0n };
        }),
      ),
    race: (_vcpu, { rounds }) =>
      Promise.resolve({ putError: 0, getError: 0, whole: rounds, torn: 0, tornValue: 0n }),
    putWhileRunning: (_vcpu, { id, value }) => {
      held.set(id, value);
      return Promise.resolve({ runErrno: 4, reason: 0, putError: 0, tookUs: 1, changed: [] });
    },
    ioctl: () => Promise.reject(new Error('no hostile check makes it')),
    closeDevice: async () => Promise.resolve(),
    readKernelFile: async () => Promise.resolve(''),
    shrinkSlabs: async () => Promise.resolve(),
  };
  const fake = { host, held, log };
  return { ...fake, host: { ...host, ...changes(fake) } };
}

function answer(call: HostileCall, held: Map<bigint, bigint>): HostileResult {
  const { id, direction, value, valueAt, argumentAt } = call;
  const refused = (error: number): HostileResult => ({ error, extent: 0, value: 0n });
  if (!READABLE.includes(argumentAt)) return refused(EFAULT);
  if (findRegisterById(id) === undefined) return refused(EINVAL);
  if (!(direction === 'get' ? WRITABLE : READABLE).includes(valueAt)) return refused(EFAULT);
  if (direction === 'put') {
    held.set(id, value);
    return { error: 0, extent: 0, value: 0n };
  }
  return { error: 0, extent: sizeOfId(id), value: held.get(id) ?? 0n };
}

/** What the other probes say of such a host: every register is exact, and the guest agrees. */
export function exactRows(): Map<string, RegisterRecord> {
  return new Map(
    registerTable().map((register) => [
      register.name,
      {
        ...untestedRow(register),
        ...({ support: 'exact', get: 'ok', put: 'ok' } as const),
        guest: { read: { answer: 'agrees' }, write: { answer: 'agrees' } },
      },
    ]),
  );
}
