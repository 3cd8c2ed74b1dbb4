import type { StateRecord } from '../../record/record.generated.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** Every capability of include/uapi/linux/kvm.h that is about powerpc or that a VMM of it asks for. */
export const CAPABILITIES = {
  NR_VCPUS: 9,
  SET_GUEST_DEBUG: 23,
  PPC_SEGSTATE: 43,
  PPC_PAIRED_SINGLES: 48,
  PPC_OSI: 52,
  PPC_UNSET_IRQ: 53,
  ENABLE_CAP: 54,
  PPC_GET_PVINFO: 57,
  PPC_IRQ_LEVEL: 58,
  PPC_BOOKE_SREGS: 62,
  SPAPR_TCE: 63,
  PPC_SMT: 64,
  PPC_RMA: 65,
  MAX_VCPUS: 66,
  PPC_HIOR: 67,
  PPC_PAPR: 68,
  SW_TLB: 69,
  ONE_REG: 70,
  SYNC_REGS: 74,
  PPC_GET_SMMU_INFO: 78,
  PPC_ALLOC_HTAB: 80,
  PPC_BOOKE_WATCHDOG: 83,
  PPC_HTAB_FD: 84,
  PPC_EPR: 86,
  PPC_RTAS: 91,
  IRQ_XICS: 92,
  SPAPR_MULTITCE: 94,
  ENABLE_CAP_VM: 98,
  PPC_FIXUP_HCALL: 103,
  PPC_ENABLE_HCALL: 104,
  PPC_HWRNG: 115,
  GUEST_DEBUG_HW_BPS: 119,
  GUEST_DEBUG_HW_WPS: 120,
  SPAPR_TCE_64: 125,
  MAX_VCPU_ID: 128,
  PPC_HTM: 132,
  SPAPR_RESIZE_HPT: 133,
  PPC_MMU_RADIX: 134,
  PPC_MMU_HASH_V3: 135,
  SPAPR_TCE_VFIO: 142,
  PPC_FWNMI: 146,
  PPC_SMT_POSSIBLE: 147,
  PPC_GET_CPU_CHAR: 151,
  PPC_NESTED_HV: 160,
  PPC_IRQ_XIVE: 169,
  PPC_GUEST_DEBUG_SSTEP: 176,
  PPC_SECURE_GUEST: 181,
  PPC_DAWR1: 194,
  SET_GUEST_DEBUG2: 195,
  EXIT_HYPERCALL: 201,
  PPC_RPT_INVALIDATE: 202,
  PPC_AIL_MODE_3: 210,
  PPC_COMPAT_CAPS: 250,
} as const;

/** Offsets in structures of KVM, bytes. */
const SEGMENTS = 8;
const SEGMENT_SIZE = 72;
const RADIX_GEOMETRIES = 8;

/** What KVM says of itself and of the processor: every capability, and what besides them it answers. */
export async function askHostFacts(calls: KvmCalls): Promise<StateRecord> {
  const { host, options } = calls;
  const { signal } = options;
  const answers = new StateAnswers();
  const vm = await host.createVm(options.vmType, { signal });
  for (const [name, number] of Object.entries(CAPABILITIES)) {
    const { result } = await calls.call(onVmFile(vm), 'CHECK_EXTENSION', BigInt(number));
    answers.say(`KVM_CAP_${name}`, String(result));
  }
  await sayCpuChar(calls, onVmFile(vm), answers);
  const smmu = await calls.read(onVmFile(vm), 'GET_SMMU_INFO');
  answers.say(
    'GET_SMMU_INFO',
    smmu.result < 0 ? resultText(smmu.result) : smmuText(calls, smmu.structure),
  );
  const rmmu = await calls.read(onVmFile(vm), 'GET_RMMU_INFO');
  answers.say(
    'GET_RMMU_INFO',
    rmmu.result < 0 ? resultText(rmmu.result) : rmmuText(calls, rmmu.structure),
  );
  const vcpu = await host.createVcpu(vm, 0, { signal });
  const list = await calls.call({ on: 'vcpu', handle: vcpu }, 'GET_REG_LIST', Buffer.alloc(4096));
  answers.say(
    'GET_REG_LIST',
    list.result < 0 && calls.long(list.structure, 0) === 0n
      ? resultText(list.result)
      : `${calls.long(list.structure, 0)} registers`,
  );
  await host.destroyVm(vm, { signal });
  return answers.record;
}

/** struct kvm_ppc_cpu_char: character, behaviour, and the bits of each that are known. */
async function sayCpuChar(
  calls: KvmCalls,
  vm: ReturnType<typeof onVmFile>,
  answers: StateAnswers,
): Promise<void> {
  const { result, structure } = await calls.read(vm, 'GET_CPU_CHAR');
  if (result < 0) {
    answers.say('GET_CPU_CHAR', resultText(result));
    return;
  }
  const at = (index: number): bigint => calls.long(structure, index * 8);
  for (const [index, name] of ['character', 'behaviour'].entries()) {
    const [value, mask] = [at(index), at(index + 2)];
    const isWithin = (value & ~mask) === 0n;
    answers.say(
      `GET_CPU_CHAR.${name}`,
      `${hexText(value)} of ${hexText(mask)}`,
      isWithin ? undefined : 'no bit outside of the mask',
    );
  }
}

/** struct kvm_ppc_smmu_info: flags, SLB size, and the encodings of each segment size. */
function smmuText(calls: KvmCalls, info: Buffer): string {
  const flags = hexText(calls.long(info, 0));
  const segments = Array.from({ length: 8 }, (_, index) => {
    const start = 16 + index * SEGMENT_SIZE;
    const shift = calls.word(info, start);
    const pages = Array.from({ length: 8 }, (_page, page) => {
      const at = start + SEGMENTS + page * 8;
      return [calls.word(info, at), calls.word(info, at + 4)] as const;
    }).filter(([size]) => size !== 0);
    const sizes = pages.map(([size, encoding]) => `${size}:${encoding}`).join(' ');
    return `${shift}/${hexText(BigInt(calls.word(info, start + 4)))}(${sizes})`;
  }).filter((text) => !text.startsWith('0/'));
  return `flags ${flags}, SLB ${calls.word(info, 8)}, segments ${segments.join(', ')}`;
}

/** struct kvm_ppc_rmmu_info: radix trees and page sizes. */
function rmmuText(calls: KvmCalls, info: Buffer): string {
  const trees = Array.from({ length: 8 }, (_, index) => {
    const start = index * RADIX_GEOMETRIES;
    const bits = [...info.subarray(start + 1, start + 5)];
    return `${info[start] ?? 0}:${bits.join('-')}`;
  }).filter((text) => !text.startsWith('0:'));
  const encodings = Array.from({ length: 8 }, (_, index) => calls.word(info, 64 + index * 4));
  return `trees ${trees.join(', ')}; pages ${encodings
    .filter((value) => value !== 0)
    .map((value) => hexText(BigInt(value)))
    .join(', ')}`;
}
