import type { GeneralRegs } from '../../agent/kvm-host.js';
import { REG_NAMES } from '../../agent/layouts.js';
import type { StateRecord } from '../../record/record.generated.js';
import { writeDoubleword } from '../guest/doubleword.js';
import { exitInstructions, wordsToBytes } from '../guest/guest-program.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { EINTR, OWN_EXITS } from '../guest/guest-run.js';
import { createGuestVcpu, START_MSR } from '../guest/guest-vcpu.js';
import * as code from '../guest/instructions.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVcpuFile, onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** Where the guest's program is, where it stores what it reads, and what it writes from; all below 32 KiB. */
const PROGRAM = 0x1000;
const STORED = 0x4000;
const LOADED = 0x5000;
const RUN_LIMIT_MS = 100;
/** A page table of 256 KiB at 16 MiB (Power ISA v2.07, Book III-S, 5.7.7.2). */
const SDR1 = 0x100_0000n;

/** How a guest reads and writes what KVM_SET_REGS carries, besides the general registers: through r3. */
const SPR_FIELDS = [
  ['xer', 1],
  ['lr', 8],
  ['ctr', 9],
  ['srr0', 26],
  ['srr1', 27],
  ['sprg0', 272],
  ['sprg1', 273],
  ['sprg2', 274],
  ['sprg3', 275],
] as const;
type Field = (typeof SPR_FIELDS)[number][0] | 'cr';
const FIELDS: readonly Field[] = ['cr', ...SPR_FIELDS.map(([name]) => name)];
/** What no guest of Book III-S reaches, and KVM_SET_REGS carries all the same. */
const UNREACHED = ['sprg4', 'sprg5', 'sprg6', 'sprg7'] as const;
/** The bits that are there: 32 of CR, SO, OV, CA and the string count of XER. */
const BITS: Readonly<Partial<Record<Field, bigint>>> = {
  cr: 0xffff_ffffn,
  xer: 0xe000_007fn,
  srr0: ~3n,
};
/** What a hypercall does not keep: sc sets SRR0 and SRR1, and PAPR calls the others volatile. */
const LOST_AT_CALL: ReadonlySet<string> = new Set(['cr', 'xer', 'ctr', 'srr0', 'srr1']);
/** General registers that the guest needs for its way out. */
const LOST_AT_EXIT: ReadonlySet<string> = new Set(['gpr3', 'gpr6']);

type Values = ReadonlyMap<string, bigint>;

/**
 * Rows for what KVM_SET_REGS and KVM_SET_SREGS carry: what is put is got again, the guest reads it, KVM
 * gets what the guest wrote, and another vCPU that is given that has it.
 */
export async function askSregs(calls: KvmCalls): Promise<StateRecord> {
  const { host, options } = calls;
  const { signal } = options;
  const answers = new StateAnswers();
  const first = await createGuestVcpu(host, options);
  const put = valuesOf(0x11n);
  const msr = START_MSR | (options.byteOrder === 'little' ? 1n : 0n);
  const fresh = await host.getRegs(first.vcpu, { signal });
  await host.setRegs(first.vcpu, withValues(fresh, put, msr), { signal });
  const gotRegs = await host.getRegs(first.vcpu, { signal });
  const got = regsMap(gotRegs);
  const written = valuesOf(0x77n);
  const read = await runReader(calls, first, written);
  const saved = await host.getRegs(first.vcpu, { signal });
  await host.destroyVm(first.vm, { signal });
  const second = await createGuestVcpu(host, options);
  const start = { ...saved, pc: BigInt(PROGRAM), msr };
  await host.setRegs(second.vcpu, start, { signal });
  const restored = await runReader(calls, second, written);
  const kvm = regsMap(saved);
  for (const name of put.keys()) {
    const faults: string[] = [];
    const check = (what: string, found: bigint | undefined, wanted: bigint | undefined): void => {
      if (found !== wanted)
        faults.push(
          `${what} ${found === undefined ? 'nothing' : hexText(found)} for ${hexText(wanted ?? 0n)}`,
        );
    };
    check('KVM gets', got.get(name), put.get(name));
    check('the guest reads', read.get(name), put.get(name));
    const isClobbered =
      LOST_AT_EXIT.has(name) || (options.leaves === 'hypercall' && LOST_AT_CALL.has(name));
    if (!isClobbered) {
      check('KVM gets what the guest wrote:', kvm.get(name), written.get(name));
      check('restored, the guest reads', restored.get(name), written.get(name));
    }
    const kept = 'put, got, read and written by the guest, migrated';
    answers.compare(name.toUpperCase(), faults.length === 0 ? kept : faults.join(', '), kept);
  }
  const isKept = UNREACHED.every((name) => gotRegs[name] === unreachedValue(name));
  const found = UNREACHED.map((name) => hexText(gotRegs[name])).join(', ');
  answers.compare('SPRG4-7', isKept ? 'got' : found, 'got');
  await saySregs(calls, second, answers);
  await host.destroyVm(second.vm, { signal });
  return answers.record;
}

/** KVM_GET_SREGS: PVR, SDR1, the SLB; what is put of the SLB is got again. */
async function saySregs(
  calls: KvmCalls,
  { vm, vcpu }: GuestVcpu,
  answers: StateAnswers,
): Promise<void> {
  const { options } = calls;
  const file = onVcpuFile(vcpu);
  const smmu = await calls.read(onVmFile(vm), 'GET_SMMU_INFO');
  // KVM-HV has the processor's 32 entries, KVM-PR 64.
  const size = smmu.result < 0 ? 32 : calls.word(smmu.structure, 8);
  const first = await calls.read(file, 'GET_SREGS');
  answers.say('GET_SREGS', resultText(first.result));
  if (first.result < 0) return;
  const sregs = Buffer.from(first.structure);
  const entries = Array.from({ length: Math.max(32, size) }, (_, slot) => {
    // An ESID of its own, the valid bit, and the number of the entry; a VSID with Ks and Kp.
    const esid = (BigInt(0xa1 + slot * 3) << 28n) | (1n << 27n) | BigInt(slot);
    return { slot, esid, vsid: (BigInt(0x5a17 + slot * 7) << 12n) | 0xc00n };
  });
  for (const { slot, esid, vsid } of entries) {
    calls.writeLong(sregs, 16 + slot * 16, esid);
    calls.writeLong(sregs, 16 + slot * 16 + 8, vsid);
  }
  const put = await calls.call(file, 'SET_SREGS', sregs);
  const again = await calls.read(file, 'GET_SREGS');
  answers.say(
    'SET_SREGS',
    resultText(put.result),
    put.result < 0 ? 'ok for what was just got' : undefined,
  );
  const slb = Array.from(
    { length: 64 },
    (_, index) =>
      [
        calls.long(again.structure, 16 + index * 16),
        calls.long(again.structure, 16 + index * 16 + 8),
      ] as const,
  );
  for (const { slot, esid, vsid } of entries) {
    const found = slb.find(([entry]) => entry === esid);
    const isKept = found?.[1] === vsid;
    const lost = `lost: ${found === undefined ? 'no such entry' : hexText(found[1])}`;
    answers.compare(`SLB.${slot}`, isKept ? 'kept' : lost, 'kept');
  }
  const changed = 'changed by putting back what was got';
  const isPvr = calls.word(again.structure, 0) === calls.word(first.structure, 0);
  answers.compare('PVR', isPvr ? 'kept' : changed, 'kept');
  const isSdr1 = calls.long(again.structure, 8) === calls.long(first.structure, 8);
  answers.compare('SDR1', isSdr1 ? 'kept' : changed, 'kept');
  const other = Buffer.from(first.structure);
  calls.writeLong(other, 8, SDR1);
  await calls.call(file, 'SET_SREGS', other);
  const isStored = calls.long((await calls.read(file, 'GET_SREGS')).structure, 8) === SDR1;
  // KVM-HV has its guests' page table, and no other.
  const isSettable = options.putsHior === true;
  answers.say(
    'SDR1.other',
    isStored ? 'stored' : 'not stored',
    isSettable && !isStored ? 'stored' : undefined,
  );
  other.set(first.structure, 0);
  other.set(calls.structure(4, [[0, 0x0012_3456]]), 0);
  const refused = await calls.call(file, 'SET_SREGS', other);
  const after = await calls.read(file, 'GET_SREGS');
  const isOther = calls.word(after.structure, 0) === 0x0012_3456;
  answers.say(
    'PVR.other',
    `${resultText(refused.result)}, ${isOther ? 'stored' : 'not stored'}`,
    refused.result < 0 === isOther ? 'stored if and only if accepted' : undefined,
  );
}

/** The guest stores all that it finds, loads `written`, and leaves. Returns what it stored. */
async function runReader(
  calls: KvmCalls,
  { vm, vcpu }: GuestVcpu,
  written: Values,
): Promise<Values> {
  const { host, options } = calls;
  const { signal, byteOrder } = options;
  const names = [...written.keys()];
  const at = (base: number, name: string): number => base + names.indexOf(name) * 8;
  const gprs = Array.from({ length: 32 }, (_, index) => index);
  const words = [
    ...gprs.map((index) => code.std(index, at(STORED, `gpr${index}`), 0)),
    ...[code.mfcr(3), code.std(3, at(STORED, 'cr'), 0)],
    ...SPR_FIELDS.flatMap(([name, spr]) => [code.mfspr(3, spr), code.std(3, at(STORED, name), 0)]),
    ...[code.ld(3, at(LOADED, 'cr'), 0), code.mtcr(3)],
    ...SPR_FIELDS.flatMap(([name, spr]) => [code.ld(3, at(LOADED, name), 0), code.mtspr(spr, 3)]),
    ...gprs.map((index) => code.ld(index, at(LOADED, `gpr${index}`), 0)),
    ...exitInstructions(options.leaves),
    code.b(0),
  ];
  const loaded = Buffer.alloc(names.length * 8);
  names.forEach((name, index) => {
    writeDoubleword(loaded, index * 8, written.get(name) ?? 0n, byteOrder);
  });
  await host.writeMemory(vm, BigInt(PROGRAM), wordsToBytes(words, byteOrder), { signal });
  await host.writeMemory(vm, BigInt(LOADED), loaded, { signal });
  for (let runs = 0; runs < 20; runs += 1) {
    const exit = await host.run(vcpu, RUN_LIMIT_MS, { signal });
    if (exit.errno === 0 && OWN_EXITS.has(exit.reason)) break;
    if (exit.errno !== EINTR) return new Map();
  }
  const bytes = await host.readMemory(vm, BigInt(STORED), names.length * 8, { signal });
  return new Map(names.map((name, index) => [name, masked(name, calls.long(bytes, index * 8))]));
}

function valuesOf(seed: bigint): Values {
  const names = [...Array.from({ length: 32 }, (_, index) => `gpr${index}`), ...FIELDS];
  return new Map(
    names.map((name, index) => {
      const value = BigInt.asUintN(64, (BigInt(index) + seed) * 0x9e37_79b9_7f4a_7c15n);
      return [name, masked(name, value)];
    }),
  );
}

const unreachedValue = (name: (typeof UNREACHED)[number]): bigint =>
  0x1040_5050_6060_7070n * BigInt(UNREACHED.indexOf(name) + 1);

function masked(name: string, value: bigint): bigint {
  const bits = BITS[name as Field];
  return bits === undefined ? value : BigInt.asUintN(64, value & bits);
}

function withValues(regs: GeneralRegs, values: Values, msr: bigint): GeneralRegs {
  const named = Object.fromEntries(REG_NAMES.map((name) => [name, values.get(name) ?? regs[name]]));
  return {
    ...(named as Pick<GeneralRegs, (typeof REG_NAMES)[number]>),
    ...Object.fromEntries(UNREACHED.map((name) => [name, unreachedValue(name)])),
    pc: BigInt(PROGRAM),
    msr,
    gpr: regs.gpr.map((value, index) => values.get(`gpr${index}`) ?? value),
  };
}

function regsMap(regs: GeneralRegs): Values {
  return new Map<string, bigint>([
    ...FIELDS.map((name) => [name, masked(name, regs[name])] as const),
    ...regs.gpr.map((value, index) => [`gpr${index}`, value] as const),
  ]);
}
