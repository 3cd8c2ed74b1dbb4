import type { KvmHost, VcpuHandle, VmHandle } from '../../agent/kvm-host.js';
import type { RegisterRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { sizeOfId } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { inPieces } from '../in-pieces.js';
import { get, put } from '../one-reg.js';
import type { StateOptions } from '../states/kvm-calls.js';
import { AREA } from './taken-values.js';

/** A host, and what its registers answered when each was asked alone. */
export interface Interplay {
  readonly host: KvmHost;
  readonly options: StateOptions;
  readonly rows: ReadonlyMap<string, RegisterRecord>;
  /** Registers that are got and put and hold what they are given, in the order of registers.def. */
  readonly holding: readonly Register[];
  /** Those of `holding` that have to do with no other: what a row says of one is not said again. */
  readonly registers: readonly Register[];
  /** A value that no other register is given, and that the register takes; and another one. */
  readonly first: ValueOf;
  readonly second: ValueOf;
}

/** Whether what a register answers depends on puts alone. */
export function holdsPuts(row: RegisterRecord | undefined): boolean {
  return (
    row?.get === 'ok' &&
    row.put === 'ok' &&
    ['exact', 'masked', 'restricted', 'aliased'].includes(row.support) &&
    row.writable !== null &&
    BigInt(row.writable) !== 0n
  );
}

/** vCPUs of one VM. */
export class AskedVm {
  readonly handle: VmHandle;
  readonly #of: Interplay;

  constructor(of: Interplay, handle: VmHandle) {
    this.#of = of;
    this.handle = handle;
  }

  /** A vCPU of an id, as a VMM makes it. */
  async vcpu(id = 0): Promise<AskedVcpu> {
    const { host, options } = this.#of;
    const { isPapr, signal } = options;
    const vcpu = await host.createVcpu(this.handle, id, { signal });
    if (isPapr) {
      await host.enableVcpuCap(vcpu, RECORDED_CAPABILITIES.KVM_CAP_PPC_PAPR, { signal });
    }
    const asked = new AskedVcpu(this.#of, vcpu);
    // In every order of puts, the others of a virtual processor area are taken with it alone.
    const area = this.#of.holding.filter(({ name }) => name === AREA);
    await asked.putAll(area, this.#of.second);
    return asked;
  }
}

/** A vCPU that operations are asked of. */
export class AskedVcpu {
  readonly handle: VcpuHandle;
  readonly #of: Interplay;

  constructor(of: Interplay, handle: VcpuHandle) {
    this.#of = of;
    this.handle = handle;
  }

  /** Makes operations in order, in as many requests as it takes. */
  async run(operations: readonly Operation[]): Promise<Operation[]> {
    const { host, options } = this.#of;
    return inPieces(operations, (piece) =>
      host.execute(this.handle, piece, { signal: options.signal }),
    );
  }

  /** The answer of each register. */
  async answers(registers: readonly Register[]): Promise<string[]> {
    return (await this.run(registers.map(get))).map(answerOf);
  }

  async putAll(registers: readonly Register[], value: ValueOf): Promise<void> {
    if (registers.length === 0) return;
    await this.run(registers.map((register) => put(register, value(register))));
  }
}

/** An answer of a register that is not what it was. */
export interface ChangedAnswer {
  readonly name: string;
  readonly was: string;
  readonly is: string;
}

/**
 * The registers that answer otherwise than they did; of `again`, a second reading before the change, those are
 * left out that their own get changes, which is for `gets` to say.
 */
export function changedAnswers(
  registers: readonly Register[],
  before: readonly string[],
  after: readonly string[],
  again = before,
): ChangedAnswer[] {
  return registers.flatMap(({ name }, index) => {
    const [was = '', is = ''] = [before[index], after[index]];
    return was === is || was !== again[index] ? [] : [{ name, was, is }];
  });
}

/** Lets `ask` have a VM, which ends with it. */
export async function inVm<T>(of: Interplay, ask: (vm: AskedVm) => Promise<T>): Promise<T> {
  const { vmType, signal } = of.options;
  const vm = await of.host.createVm(vmType, { signal });
  const result = await ask(new AskedVm(of, vm));
  await of.host.destroyVm(vm, { signal });
  return result;
}

/** Lets `ask` have a vCPU that nothing was put to. */
export async function onVcpu<T>(of: Interplay, ask: (vcpu: AskedVcpu) => Promise<T>): Promise<T> {
  return inVm(of, async (vm) => ask(await vm.vcpu()));
}

/** The value that a register is given. */
export type ValueOf = (register: Register) => bigint;

/** What a guest was saved with: two ids of one storage agree, as they do in a guest. */
export async function savedValues(of: Interplay): Promise<ValueOf> {
  return onVcpu(of, async (vcpu) => {
    await vcpu.putAll(of.registers, of.first);
    const got = await vcpu.run(of.registers.map(get));
    const values = new Map(of.registers.map((register, index) => [register, got[index]?.value]));
    // What another put makes of one that shares no storage must not be what it is put.
    return (register) =>
      register.overlaps.length === 0 ? of.first(register) : (values.get(register) ?? 0n);
  });
}

/** A get's answer: the value in the register's width, or the errno. */
export function answerOf({ error, value, id }: Operation): string {
  if (error !== 0) return `errno ${error}`;
  return `0x${value.toString(16).padStart(sizeOfId(id) * 2, '0')}`;
}
