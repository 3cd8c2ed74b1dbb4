/** What a machine that was not booted here says of itself, as a record's `machine` has it. */
export interface MachineIdentity {
  readonly machine: string;
  readonly cpu: string;
  /** `none` where nothing speaks against hardware; `unknown`: the machine is emulated by QEMU. */
  readonly accelerator: 'none' | 'unknown';
}

/**
 * Reads the text of a ppc64 /proc/cpuinfo (arch/powerpc/kernel/setup-common.c, show_cpuinfo; platform
 * and model come from the machine's description and its device tree). A QEMU says that it is one, but
 * not whether it emulates the CPU (tcg) or runs on KVM.
 */
export function parseCpuInfo(text: string): MachineIdentity {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    const name = line.slice(0, Math.max(at, 0)).trim();
    // CPUs come one after another: the first one counts.
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(at + 1).trim());
  }
  const named = (...names: readonly string[]): string[] =>
    names.flatMap((name) => fields.get(name) ?? []).filter((value) => value !== '');
  const revision = fields.get('revision');
  return {
    machine: named('platform', 'model').join(', ') || 'unknown',
    cpu:
      [...named('cpu'), ...(revision === undefined ? [] : [`revision ${revision}`])].join(', ') ||
      'unknown',
    accelerator: /qemu/i.test(fields.get('model') ?? '') ? 'unknown' : 'none',
  };
}
