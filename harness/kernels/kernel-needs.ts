import { SprmatrixError } from '../base/error.js';
import type { KernelConfig } from './kernel-config.js';
import type { ModuleStore } from './modules.js';

/** One way to meet a need: all of these options, built in or (where a module will do) as modules. */
interface Way {
  readonly options: readonly string[];
  /** Of the options, those that may be modules, with the module's name. */
  readonly modules?: Readonly<Record<string, string>>;
}

export interface KernelNeed {
  /** A noun that a "no" can stand before. */
  readonly what: string;
  readonly why: string;
  /** Any of them will do. */
  readonly ways: readonly Way[];
  /** The fragment of fixtures/kconfig that has it. */
  readonly fragment: string;
  /** The module that is in all of the ways, built in or not. */
  readonly core?: string;
}

const way = (...options: string[]): Way => ({ options });

/**
 * What the agent and its questions need of a kernel: the one place where that is written down. What is asked
 * of every kernel stands in fixtures/kconfig/base.config, too.
 */
export const KERNEL_NEEDS: readonly KernelNeed[] = [
  {
    what: 'KVM for Book3S',
    why: 'it is asked',
    ways: [
      { options: ['KVM_BOOK3S_64_HV'], modules: { KVM_BOOK3S_64_HV: 'kvm_hv' } },
      { options: ['KVM_BOOK3S_64_PR'], modules: { KVM_BOOK3S_64_PR: 'kvm_pr' } },
      { options: ['KVM_BOOK3S_32'], modules: { KVM_BOOK3S_32: 'kvm' } },
      way('KVM_E500V2'),
      way('KVM_E500MC'),
    ],
    fragment: 'hv',
    core: 'kvm',
  },
  {
    what: 'channel',
    why: 'the agent is asked through it: a virtio-serial port, memory through /dev/mem, or the console',
    ways: [
      {
        options: ['VIRTIO_PCI', 'VIRTIO_CONSOLE'],
        modules: { VIRTIO_PCI: 'virtio_pci', VIRTIO_CONSOLE: 'virtio_console' },
      },
      way('DEVMEM'),
      way('HVC_CONSOLE'),
      way('HVC_OPAL'),
      way('SERIAL_8250_CONSOLE'),
    ],
    fragment: 'channel',
  },
  {
    what: 'initramfs',
    why: 'the agent comes in it',
    ways: [way('BLK_DEV_INITRD')],
    fragment: 'base',
  },
  { what: 'ELF programs', why: 'the agent is one', ways: [way('BINFMT_ELF')], fragment: 'base' },
  { what: 'devtmpfs', why: 'it has /dev/kvm', ways: [way('DEVTMPFS')], fragment: 'base' },
  {
    what: 'proc',
    why: 'the agent reads the command line there',
    ways: [way('PROC_FS')],
    fragment: 'base',
  },
  { what: 'sysfs', why: 'the port is found there', ways: [way('SYSFS')], fragment: 'base' },
];

/** How a kernel meets a need. `unknown`: neither its configuration nor its modules tell. */
export interface NeedFinding {
  readonly need: KernelNeed;
  readonly state: 'met' | 'missing' | 'unknown';
  /** What was found, or which options are not set. */
  readonly found: string;
}

/** What tells about a kernel before it is booted. */
export interface KernelFacts {
  readonly config?: KernelConfig | undefined;
  readonly store: Pick<ModuleStore, 'files' | 'isBuiltIn'>;
}

/** Each of the needs, met or not, as far as a kernel's configuration or else its modules say. */
export function checkNeeds(facts: KernelFacts): NeedFinding[] {
  return KERNEL_NEEDS.map((need) => {
    const lacking = withoutCore(need, facts);
    if (lacking !== undefined) return { need, state: 'missing', found: lacking };
    const tried = need.ways.map((it) => tryWay(it, facts));
    const met = tried.find(({ state }) => state === 'met');
    if (met !== undefined) return { need, ...met };
    if (tried.some(({ state }) => state === 'unknown')) {
      return { need, state: 'unknown', found: 'neither a configuration nor the modules tell' };
    }
    return { need, state: 'missing', found: tried.map(({ found }) => found).join('; ') };
  });
}

/**
 * Throws `KERNEL_LACKS` for a kernel that a boot would be in vain with, naming the options and the fragment
 * that has them. What is not known is no fault.
 */
export function requireNeeds(owner: string, facts: KernelFacts): void {
  const missing = checkNeeds(facts).filter(
    // Whoever looks for the modules says which of them are not there.
    ({ need, state }) => state === 'missing' && withoutCore(need, facts) === undefined,
  );
  const [first] = missing;
  if (first === undefined) return;
  const from = facts.config === undefined ? 'its modules' : facts.config.from;
  const fragments = [...new Set(missing.map(({ need }) => need.fragment))];
  throw new SprmatrixError({
    code: 'KERNEL_LACKS',
    kind: 'usage',
    message: `${owner} cannot be asked: it has no ${missing.map(({ need }) => need.what).join(', no ')}`,
    evidence: missing.map(
      ({ need, found }) => `${need.what} (${need.why}): ${found}, says ${from}`,
    ),
    hint: `${fragments.map((name) => `fixtures/kconfig/${name}.config`).join(' and ')} ${fragments.length > 1 ? 'have' : 'has'} what is missing; modules that are elsewhere are named with --modules=DIR`,
  });
}

/** That a need's core is neither built in nor there, when no configuration tells; undefined when it may be. */
function withoutCore({ core }: KernelNeed, { config, store }: KernelFacts): string | undefined {
  if (config !== undefined || core === undefined || store.files.has(core)) return undefined;
  return store.isBuiltIn(core) === false ? `no module ${core}, and not built in` : undefined;
}

function tryWay(
  { options, modules = {} }: Way,
  { config, store }: KernelFacts,
): Pick<NeedFinding, 'state' | 'found'> {
  const parts = options.map((option): Pick<NeedFinding, 'state' | 'found'> => {
    const module = modules[option];
    const hasModule = module !== undefined && store.files.has(module);
    if (config !== undefined) return byConfig(option, module, hasModule, config);
    if (module === undefined) return { state: 'unknown', found: '' };
    if (hasModule) return { state: 'met', found: `module ${module}` };
    const isBuiltIn = store.isBuiltIn(module);
    if (isBuiltIn === undefined) return { state: 'unknown', found: '' };
    return isBuiltIn
      ? { state: 'met', found: `${module} is built in` }
      : { state: 'missing', found: `no CONFIG_${option}: no module ${module}, and not built in` };
  });
  const missing = parts.filter(({ state }) => state === 'missing');
  if (missing.length > 0) return { state: 'missing', found: textOf(missing) };
  if (parts.some(({ state }) => state === 'unknown')) return { state: 'unknown', found: '' };
  return { state: 'met', found: textOf(parts) };
}

function byConfig(
  option: string,
  module: string | undefined,
  hasModule: boolean,
  { options }: KernelConfig,
): Pick<NeedFinding, 'state' | 'found'> {
  const value = options.get(option);
  if (value === 'y') return { state: 'met', found: `CONFIG_${option}=y` };
  if (value !== 'm') return { state: 'missing', found: `CONFIG_${option} is not set` };
  return hasModule
    ? { state: 'met', found: `CONFIG_${option}=m, module ${module ?? ''}` }
    : { state: 'missing', found: `CONFIG_${option}=m, and its module is not there` };
}

function textOf(parts: readonly Pick<NeedFinding, 'found'>[]): string {
  return parts.map(({ found }) => found).join(', ');
}
