import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { endianness, machine as machineName, release, version } from 'node:os';
import { library } from '../sync/library.js';
import { parseCpuInfo } from './cpu-info.js';
import type { HardwarePlatform, KvmAccess } from './hardware.js';
import { architectureOf, requireKvm } from './hardware.js';
import type { HardwareMachine } from './hardware-machine.js';
import { requireVcpuRun } from './kvm-run.js';
import { libc } from './libc.js';
import { LocalKvm } from './local-kvm.js';

/** What tests put in the place of this machine's own. */
export interface LocalParts {
  /** What `uname -m` says. */
  readonly machine?: string;
  readonly kvmPath?: string;
}

/**
 * Throws what is against asking this machine: `WRONG_ARCHITECTURE`, `KVM_MISSING`, `KVM_DENIED`, and
 * the errors of `library` and `requireVcpuRun`.
 */
export function checkLocalMachine(
  platform: Pick<HardwarePlatform, 'id' | 'hardware'>,
  { machine = machineName(), kvmPath = '/dev/kvm' }: LocalParts = {},
): void {
  architectureOf(platform, machine);
  requireKvm(accessTo(kvmPath));
  library();
  requireVcpuRun();
}

/** The machine that this process runs on. Errors: those of `checkLocalMachine`. */
export function openLocalMachine(
  platform: HardwarePlatform,
  parts: LocalParts = {},
): HardwareMachine {
  checkLocalMachine(platform, parts);
  const { kvmPath } = parts;
  const host = new LocalKvm(kvmPath);
  return {
    host,
    hello: {
      release: release(),
      version: version(),
      byteOrder: endianness() === 'LE' ? 'little' : 'big',
      pageSize: libc().pageSize(),
    },
    identity: parseCpuInfo(readFileSync('/proc/cpuinfo', 'utf8')),
    [Symbol.asyncDispose]: () => {
      host.close();
      return Promise.resolve();
    },
  };
}

function accessTo(path: string): KvmAccess {
  if (!existsSync(path)) return 'missing';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch {
    return 'denied'; // it is there, and accessSync says no
  }
}
