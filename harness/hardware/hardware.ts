import { SprmatrixError } from '../base/error.js';
import type { Architecture, Hardware } from '../machine/platforms.js';

/** A machine with POWER hardware that the user named. */
export interface HardwarePlatform {
  /** As it was typed, and as records name it: `local`, or `ssh:HOST`. */
  readonly id: string;
  readonly hardware: Hardware;
  /** What ssh(1) is given; empty for `local`. */
  readonly host: string;
}

/** What ssh(1) takes, as far as it can name a file: no URL; and nothing that it takes for an option. */
const SSH_HOST = /^[A-Za-z0-9_][A-Za-z0-9._@:%+-]*$/;

/**
 * The machine that a --platform word names, or undefined when it names no kind of hardware.
 * Throws the usage error `SSH_HOST_INVALID`.
 */
export function hardwareOf(word: string, kinds: readonly Hardware[]): HardwarePlatform | undefined {
  const [name = '', ...rest] = word.split(':');
  const hardware = kinds.find(({ reach }) => reach === name);
  if (hardware === undefined) return undefined;
  const host = rest.join(':');
  if (hardware.reach === 'local')
    return word === 'local' ? { id: word, hardware, host } : undefined;
  if (SSH_HOST.test(host)) return { id: word, hardware, host };
  throw new SprmatrixError({
    code: 'SSH_HOST_INVALID',
    kind: 'usage',
    message: `--platform=${word}: "${host}" is no host`,
    hint: 'ssh:HOST takes what ssh takes, user@host or an alias; a port belongs into ~/.ssh/config',
  });
}

/**
 * The architecture that a machine's `uname -m` is; throws `WRONG_ARCHITECTURE`, which names it and
 * those that there may be.
 */
export function architectureOf(
  { id, hardware }: Pick<HardwarePlatform, 'id' | 'hardware'>,
  machine: string,
): Architecture {
  const found = hardware.architectures.find((entry) => entry.machine === machine);
  if (found !== undefined) return found;
  const allowed = hardware.architectures.map((entry) => entry.machine).join(' or ');
  throw new SprmatrixError({
    code: 'WRONG_ARCHITECTURE',
    message: `the machine is ${machine}; the platform ${id} needs ${allowed}`,
    hint:
      hardware.reach === 'local'
        ? 'take a platform that QEMU emulates (`npx sprmatrix list platforms`), or a POWER machine that ssh reaches: --platform=ssh:HOST'
        : 'take a POWER machine, or a platform that QEMU emulates (`npx sprmatrix list platforms`)',
  });
}

/** Whether /dev/kvm is there and may be read and written. */
export type KvmAccess = 'usable' | 'denied' | 'missing';

/** Throws `KVM_MISSING` or `KVM_DENIED` unless /dev/kvm can be used. */
export function requireKvm(access: KvmAccess): void {
  switch (access) {
    case 'usable':
      return;
    case 'missing':
      throw new SprmatrixError({
        code: 'KVM_MISSING',
        message: 'the machine has no /dev/kvm',
        hint: '`modprobe kvm_hv` (or kvm_pr) as root there; kvm_hv needs bare metal, or a partition that may nest',
      });
    case 'denied':
      throw new SprmatrixError({
        code: 'KVM_DENIED',
        message: 'this user may not read and write /dev/kvm there',
        hint: 'be root there, or a member of the group of /dev/kvm (`usermod --append --groups kvm USER`, then log in again)',
      });
  }
}
