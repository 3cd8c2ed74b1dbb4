/** A host's VM. */
export type VmHandle = number & { readonly kind: 'vm' };
/** A vCPU of one. */
export type VcpuHandle = number & { readonly kind: 'vcpu' };
