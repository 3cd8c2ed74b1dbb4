import type { GeneralRegs } from '../../agent/kvm-host.js';
import { REG_NAMES } from '../../agent/layouts.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { KvmCalls, onVcpuFile } from '../states/kvm-calls.js';
import { hexText } from '../states/state-answers.js';
import type { AskedVcpu, Interplay } from './asked-vcpus.js';
import { onVcpu } from './asked-vcpus.js';
import { culprit } from '../culprit.js';

/** What KVM_GET_REGS and KVM_GET_SREGS answer, by field: `CTR`, `GPR14`, `SLB.3`. */
type OtherState = ReadonlyMap<string, string>;

/** PID has an id; PC and MSR stay what they are on a fresh vCPU, which a guest can begin with. */
const NOT_FILLED: ReadonlySet<string> = new Set(['pid', 'pc', 'msr']);
/** Offsets in struct kvm_sregs: pvr, sdr1, and pairs of ESID and VSID. */
const [PVR, SDR1, SLB, SLB_ENTRIES] = [0, 8, 16, 64];
/** What the processors here have (`slb_nr`). */
const SLB_FILLED = 32;
const SPREAD = 0x9e37_79b9_7f4a_7c15n;

/** Gives a vCPU values of its own in all of KVM_SET_REGS and in the SLB of KVM_SET_SREGS. */
export async function fillOtherState(
  { host, options }: Interplay,
  { handle }: AskedVcpu,
  seed = 1n,
): Promise<void> {
  const { signal } = options;
  const calls = new KvmCalls(host, options);
  const file = onVcpuFile(handle);
  const { result, structure } = await calls.read(file, 'GET_SREGS');
  if (result >= 0) {
    const sregs = Buffer.from(structure);
    for (let slot = 0; slot < SLB_FILLED; slot += 1) {
      // An ESID of its own, the valid bit, and the number of the entry; a VSID with Ks and Kp.
      const number = BigInt(slot) + seed * 0x100n;
      calls.writeLong(sregs, SLB + slot * 16, (number << 28n) | (1n << 27n) | BigInt(slot));
      calls.writeLong(sregs, SLB + slot * 16 + 8, ((number * 7n) << 12n) | 0xc00n);
    }
    await calls.call(file, 'SET_SREGS', sregs);
  }
  const regs = await host.getRegs(handle, { signal });
  await host.setRegs(handle, filled(regs, seed), { signal });
}

function filled(regs: GeneralRegs, seed: bigint): GeneralRegs {
  const valueAt = (index: number): bigint =>
    BigInt.asUintN(64, (BigInt(index) + seed * 0x1_0001n) * SPREAD);
  const named = Object.fromEntries(
    REG_NAMES.map((name, index) => [
      name,
      NOT_FILLED.has(name) ? regs[name] : ofWidth(name, valueAt(index + 32)),
    ]),
  );
  return {
    ...(named as Pick<GeneralRegs, (typeof REG_NAMES)[number]>),
    gpr: regs.gpr.map((_, index) => valueAt(index)),
  };
}

/** CR has 32 bits, and XER those of SO, OV, CA and a string's length. */
function ofWidth(name: string, value: bigint): bigint {
  if (name === 'cr') return BigInt.asUintN(32, value);
  return name === 'xer' ? value & 0xe000_007fn : value;
}

export async function otherState(
  { host, options }: Interplay,
  { handle }: AskedVcpu,
): Promise<OtherState> {
  const regs = await host.getRegs(handle, { signal: options.signal });
  const fields = new Map<string, string>();
  for (const name of REG_NAMES) {
    if (name !== 'pid') fields.set(name.toUpperCase(), hexText(regs[name]));
  }
  regs.gpr.forEach((value, index) => fields.set(`GPR${index}`, hexText(value)));
  const calls = new KvmCalls(host, options);
  const { result, structure } = await calls.read(onVcpuFile(handle), 'GET_SREGS');
  if (result < 0) return fields;
  fields.set('PVR', hexText(BigInt(calls.word(structure, PVR))));
  fields.set('SDR1', hexText(calls.long(structure, SDR1)));
  for (let slot = 0; slot < SLB_ENTRIES; slot += 1) {
    const [esid, vsid] = [0, 8].map((at) => hexText(calls.long(structure, SLB + slot * 16 + at)));
    fields.set(`SLB.${slot}`, `${esid} ${vsid}`);
  }
  return fields;
}

/** The fields in which two states differ. */
export function changesOf(
  before: OtherState,
  after: OtherState,
): { readonly field: string; readonly was: string; readonly is: string }[] {
  return [...before].flatMap(([field, was]) => {
    const is = after.get(field) ?? 'nothing';
    return was === is ? [] : [{ field, was, is }];
  });
}

/** A register, and calls about it. */
export type CallsOf = readonly [register: Register, calls: readonly Operation[]];

/** A field that calls about a register changed. */
export interface StateChange {
  readonly field: string;
  readonly changer: Register | undefined;
  readonly was: string;
  readonly is: string;
}

/** What calls of ONE_REG change of what they have nothing to do with, and which of them do. */
export async function changesOfOtherState(
  of: Interplay,
  all: readonly CallsOf[],
): Promise<StateChange[]> {
  const changesBy = async (some: readonly CallsOf[]): Promise<ReturnType<typeof changesOf>> =>
    onVcpu(of, async (vcpu) => {
      await vcpu.putAll(of.holding, of.first);
      await fillOtherState(of, vcpu);
      const before = await otherState(of, vcpu);
      await vcpu.run(some.flatMap(([, calls]) => calls));
      return changesOf(before, await otherState(of, vcpu));
    });
  const found: StateChange[] = [];
  for (const change of await changesBy(all)) {
    const isChanged = async (some: readonly CallsOf[]): Promise<boolean> =>
      (await changesBy(some)).some(({ field }) => field === change.field);
    const by = await culprit(all, isChanged);
    found.push({ ...change, changer: by?.[0] });
  }
  return found;
}
