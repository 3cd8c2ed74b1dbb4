/**
 * The capabilities that a record keeps, by their numbers in include/uapi/linux/kvm.h: those that
 * say which registers and facilities a KVM on ppc has.
 */
export const RECORDED_CAPABILITIES = {
  KVM_CAP_PPC_SMT: 64,
  KVM_CAP_PPC_HIOR: 67,
  KVM_CAP_PPC_PAPR: 68,
  KVM_CAP_SW_TLB: 69,
  KVM_CAP_ONE_REG: 70,
  KVM_CAP_PPC_BOOKE_WATCHDOG: 83,
  KVM_CAP_PPC_EPR: 86,
  KVM_CAP_IRQ_XICS: 92,
  KVM_CAP_PPC_HTM: 132,
  KVM_CAP_PPC_MMU_RADIX: 134,
  KVM_CAP_PPC_MMU_HASH_V3: 135,
  KVM_CAP_PPC_NESTED_HV: 160,
  KVM_CAP_PPC_IRQ_XIVE: 169,
  KVM_CAP_PPC_GUEST_DEBUG_SSTEP: 176,
  KVM_CAP_PPC_SECURE_GUEST: 181,
  KVM_CAP_PPC_DAWR1: 194,
  KVM_CAP_PPC_RPT_INVALIDATE: 202,
  KVM_CAP_PPC_AIL_MODE_3: 210,
} as const;
