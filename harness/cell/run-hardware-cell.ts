import type { KvmHost } from '../agent/kvm-host.js';
import { isRefusal, VmType } from '../agent/kvm-host.js';
import { SprmatrixError } from '../base/error.js';
import type { HardwarePlatform } from '../hardware/hardware.js';
import type { HardwareMachine } from '../hardware/agent-process.js';
import { openLocalMachine } from '../hardware/local-machine.js';
import { openSshMachine } from '../hardware/ssh-machine.js';
import { RUNNING_KERNEL } from '../record/kernel-id.js';
import type { CellRecord } from '../record/record.generated.js';
import { askHost } from '../probe/ask-host.js';
import { harnessIdentity } from '../base/harness-identity.js';
import type { ProbeExtent } from '../probe/probe-extent.js';
import { probeExtentOf } from '../probe/probe-extent.js';

export type HardwareFlavour = 'HV' | 'PR';

export interface HardwareCellOptions extends ProbeExtent {
  readonly platform: HardwarePlatform;
  /** The KVM to ask; the default is the first of the platform's that the machine has. */
  readonly flavour?: HardwareFlavour | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "connect", "kvm", "registers", "guest", "hostile". */
  readonly onPhase?: ((phase: string) => void) | undefined;
}

/**
 * Asks every register of a machine that is there, under the kernel that runs on it, and returns the
 * record. Errors: those of `openLocalMachine` and `openSshMachine`, `FLAVOUR_MISSING`, and those of
 * the host's requests.
 */
export async function runHardwareCell(options: HardwareCellOptions): Promise<CellRecord> {
  const { platform, signal, onPhase } = options;
  const startedAt = performance.now();
  onPhase?.('connect');
  await using machine = await openMachine(platform, signal);
  const connectMs = Math.round(performance.now() - startedAt);
  const { kvm, registers, states, hostile, timings } = await askHost(machine.host, {
    flavour: async (host) => findFlavour(host, options),
    byteOrder: machine.hello.byteOrder,
    ...probeExtentOf(options),
    signal,
    onPhase,
  });
  const { release, version, byteOrder, pageSize } = machine.hello;
  return {
    format: 1,
    cell: { kernel: RUNNING_KERNEL, platform: platform.id },
    kernel: { release, version, package: null, sha256: null, byteOrder, pageSize },
    machine: { qemu: null, ...machine.identity },
    kvm,
    harness: await harnessIdentity(),
    timings: { connectMs, ...timings },
    ...(hostile === undefined ? {} : { hostile }),
    ...(states === undefined ? {} : { deep: true as const, states }),
    registers,
  };
}

async function openMachine(
  platform: HardwarePlatform,
  signal: AbortSignal | undefined,
): Promise<HardwareMachine> {
  return platform.hardware.reach === 'local'
    ? openLocalMachine(platform)
    : openSshMachine(platform, { signal });
}

/** The first flavour whose VMs the machine creates, of those that may be asked. */
export async function findFlavour(
  host: Pick<KvmHost, 'createVm' | 'destroyVm'>,
  { platform, flavour, signal }: HardwareCellOptions,
): Promise<HardwareFlavour> {
  const wanted = flavour === undefined ? platform.hardware.flavours : [flavour];
  const refusals: string[] = [];
  for (const candidate of wanted) {
    try {
      const vm = await host.createVm(VmType[candidate], { signal });
      await host.destroyVm(vm, { signal });
      return candidate;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusals.push(`${candidate}: ${error.message}`);
    }
  }
  throw new SprmatrixError({
    code: 'FLAVOUR_MISSING',
    message: `${platform.id}: its KVM creates no VM of ${wanted.join(' or ')}`,
    evidence: refusals,
    hint: '`modprobe kvm_hv` or `modprobe kvm_pr` there; Debian has no kvm_pr',
  });
}
