import { setTimeout as delay } from 'node:timers/promises';
import { unlessRefused } from '../../agent/kvm-host.js';
import type { StateRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { findRegisterById, registerTable } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import { culprit } from '../culprit.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import { allOnes, distinctValue } from '../patterns.js';
import { leave } from './free-steps.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVcpuFile } from './kvm-calls.js';
import { StateAnswers } from './state-answers.js';

/** Calls of each register: some 20,000 of all. */
const CALLS = 64;
/** VMs with a vCPU and memory, made and destroyed. */
const VMS = 100;
/** Pairs of KVM_GET_SREGS and KVM_SET_SREGS; each is two requests. So are those of KVM_GET_REGS and KVM_SET_REGS. */
const [SREGS, REGS] = [250, 100];
/** KVM_RUNs of a guest that leaves again. */
const RUNS = 100;
/** What comes and goes by itself does not reach it. */
const SHARE = 0.9;
/** Free memory is less exact: whole pages, of 64 KiB perhaps. */
const KIB_EACH = 16;
/** The smallest page, and how often in a row as much as one for each call must be gone. */
const [KIB_PAGE, TURNS] = [4, 4];
/** What is freed late is waited for: kfree_rcu keeps it for up to five seconds (kernel/rcu/tree.c). */
const WAITS = 16;
const WAIT_MS = 500;
/** Freed areas of vmalloc stay until there are many of them (mm/vmalloc.c: lazy_max_pages). */
const FREED_LATE: ReadonlySet<string> = new Set(['vmap_area']);
/** Of the cache of vCPUs (virt/kvm/kvm_main.c: kvm_init) none is in use when every VM is gone. */
const VCPUS = 'kvm_vcpu';
const SLABINFO = '/proc/slabinfo';
const NOTHING = 'nothing is left';
const DEBUGFS = '/sys/kernel/debug/kvm';

type Wait = (ms: number) => Promise<unknown>;

/** Objects in use by slab cache, and free memory in KiB. */
interface Use {
  readonly objects: ReadonlyMap<string, number>;
  readonly freeKib: number;
}

interface Kind {
  readonly name: string;
  /** How often each call is made; its leak leaves as many objects. */
  readonly times: number;
  readonly make: (calls: KvmCalls, times: number) => Promise<void>;
  /** The same of some registers alone, where it is made of each. */
  readonly makeOf?: (
    calls: KvmCalls,
    times: number,
    registers: readonly Register[],
  ) => Promise<void>;
}

const ofRegisters = (name: string, operation: (register: Register) => Operation): Kind => ({
  ...{ name, times: CALLS },
  make: async (calls, times) => manyCalls(calls, times, registerTable(), operation),
  makeOf: async (calls, times, registers) => manyCalls(calls, times, registers, operation),
});

/** The index of each register in a size that it has not. */
const inAnotherSize = ({ id }: Register): bigint => id ^ (1n << 52n);

const KINDS: readonly Kind[] = [
  ofRegisters('gets', get),
  ofRegisters('puts', (register) => put(register, distinctValue(register))),
  ofRegisters('puts-of-zero', (register) => put(register, 0n)),
  ofRegisters('puts-of-ones', (register) => put(register, allOnes(register))),
  { name: 'refused', times: CALLS, make: manyRefused },
  { name: 'regs', times: REGS, make: manyRegs },
  { name: 'sregs', times: SREGS, make: manySregs },
  { name: 'others', times: REGS, make: manyOthers },
  { name: 'runs', times: RUNS, make: manyRuns },
  { name: 'vms', times: VMS, make: manyVms },
];

/**
 * Whether calls leave something in the kernel: the objects in each slab cache and the free memory before
 * and after many calls of each kind, with the VM destroyed in between; and the files of VMs in debugfs. What is freed
 * late is waited for with `wait` (ms).
 */
export async function askLeaks(calls: KvmCalls, wait: Wait = delay): Promise<StateRecord> {
  const answers = new StateAnswers();
  const filesBefore = await vmFiles(calls);
  for (const kind of KINDS) {
    // What is made at the first call and kept is no leak.
    await kind.make(calls, 2);
    const before = await useOf(calls);
    const leak =
      (await lostObjects(calls, before, kind, wait)) ?? (await lostMemory(calls, before, kind));
    const of = leak === undefined ? undefined : await leakingRegister(calls, kind);
    const text = of === undefined ? leak : `${leak} (${of.name})`;
    answers.compare(kind.name, text ?? NOTHING, NOTHING);
  }
  const filesAfter = await vmFiles(calls);
  if (filesBefore === undefined || filesAfter === undefined) {
    answers.say('debugfs', 'this kernel has none');
  } else {
    const left = filesAfter - filesBefore;
    const seen = left <= 0 ? NOTHING : `${left} folders of VMs that are gone`;
    answers.compare('debugfs', seen, NOTHING);
  }
  return answers.record;
}

/** Calls of every register, `times` each: those that are refused count too. */
async function manyCalls(
  { host, options }: KvmCalls,
  times: number,
  registers: readonly Register[],
  operation: (register: Register) => Operation,
): Promise<void> {
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const operations = registers.map(operation);
  for (let made = 0; made < times; made += 1) {
    await host.execute(guest.vcpu, operations, { signal });
  }
  await host.destroyVm(guest.vm, { signal });
}

/** Gets and puts of ids that no register has. */
async function manyRefused({ host, options }: KvmCalls, times: number): Promise<void> {
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const unknown = registerTable().flatMap((register): Operation[] => {
    const id = inAnotherSize(register);
    if (findRegisterById(id) !== undefined) return [];
    return [get({ id }), put({ id }, BigInt.asUintN(32, distinctValue(register)))];
  });
  for (let made = 0; made < times; made += 1) {
    await host.execute(guest.vcpu, unknown, { signal });
  }
  await host.destroyVm(guest.vm, { signal });
}

async function manyRegs({ host, options }: KvmCalls, times: number): Promise<void> {
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  for (let made = 0; made < times; made += 1) {
    await host.setRegs(guest.vcpu, await host.getRegs(guest.vcpu, { signal }), { signal });
  }
  await host.destroyVm(guest.vm, { signal });
}

/** What else a VMM asks of a vCPU: KVM_ENABLE_CAP, KVM_INTERRUPT, KVM_SET_GUEST_DEBUG. */
async function manyOthers(calls: KvmCalls, times: number): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const file = onVcpuFile(guest.vcpu);
  for (let made = 0; made < times; made += 1) {
    if (options.isPapr) await calls.enableCap(file, RECORDED_CAPABILITIES.KVM_CAP_PPC_PAPR, []);
    await calls.interrupt(guest.vcpu, 'set');
    await calls.interrupt(guest.vcpu, 'unset');
    await calls.fill(file, 'SET_GUEST_DEBUG', 0);
  }
  await host.destroyVm(guest.vm, { signal });
}

/** A guest that leaves at once is entered again and again. */
async function manyRuns(calls: KvmCalls, times: number): Promise<void> {
  const { host, options } = calls;
  const guest = await createGuestVcpu(host, options);
  const steps = Array.from({ length: times }, () => leave(options));
  await runScript(calls, guest, steps, { pauses: times });
  await host.destroyVm(guest.vm, { signal: options.signal });
}

async function manySregs(calls: KvmCalls, times: number): Promise<void> {
  const { host, options } = calls;
  const guest = await createGuestVcpu(host, options);
  const file = onVcpuFile(guest.vcpu);
  for (let made = 0; made < times; made += 1) {
    const { structure } = await calls.read(file, 'GET_SREGS');
    await calls.call(file, 'SET_SREGS', Buffer.from(structure));
  }
  await host.destroyVm(guest.vm, { signal: options.signal });
}

async function manyVms({ host, options }: KvmCalls, times: number): Promise<void> {
  for (let made = 0; made < times; made += 1) {
    const { vm } = await createGuestVcpu(host, options);
    await host.destroyVm(vm, { signal: options.signal });
  }
}

/** What is left of calls, twice in a row: what a kernel that has just booted makes once is no leak. */
async function lostObjects(
  calls: KvmCalls,
  before: Use,
  kind: Kind,
  wait: Wait,
): Promise<string | undefined> {
  await kind.make(calls, kind.times);
  if ((await leakSince(calls, before, kind, wait)) === undefined) return undefined;
  const between = await useOf(calls);
  await kind.make(calls, kind.times);
  return leakSince(calls, between, kind, wait);
}

/** What is left of calls, after a while; undefined for nothing. */
async function leakSince(
  calls: KvmCalls,
  before: Use,
  kind: Kind,
  wait: Wait,
): Promise<string | undefined> {
  let leak: string | undefined;
  for (let waited = 0; waited < WAITS; waited += 1) {
    leak = leakBetween(before, await useOf(calls), kind);
    if (leak === undefined) return undefined;
    await wait(WAIT_MS);
  }
  return leak;
}

/**
 * Whether calls lose memory that is no object of a slab: as much each time that they are made. What a kernel takes
 * once, for its lists of free pages say, can be more than all turns of a leak.
 */
async function lostMemory(calls: KvmCalls, before: Use, kind: Kind): Promise<string | undefined> {
  let { freeKib } = before;
  for (let turn = 1; turn <= TURNS; turn += 1) {
    if (turn > 1) await kind.make(calls, kind.times);
    const now = await useOf(calls);
    if (freeKib - now.freeKib < kind.times * KIB_PAGE * SHARE) return undefined;
    ({ freeKib } = now);
  }
  return 'memory for each call';
}

/** Which register's call leaves something, by halving; undefined where no single one does. */
async function leakingRegister(
  calls: KvmCalls,
  { name, times, makeOf }: Kind,
): Promise<Register | undefined> {
  if (makeOf === undefined) return undefined;
  return culprit(registerTable(), async (some) => {
    const before = await useOf(calls);
    await makeOf(calls, times, some);
    return leakBetween(before, await useOf(calls), { name, times }) !== undefined;
  });
}

function leakBetween(
  before: Use,
  after: Use,
  { name, times }: Pick<Kind, 'name' | 'times'>,
): string | undefined {
  const grown = [...after.objects].flatMap(([cache, objects]) => {
    const growth = objects - (before.objects.get(cache) ?? 0);
    return growth >= times * SHARE && !FREED_LATE.has(cache) ? [cache] : [];
  });
  if (grown.length > 0) return `an object of ${grown.join(', ')} for each call`;
  const vcpus = (after.objects.get(VCPUS) ?? 0) - (before.objects.get(VCPUS) ?? 0);
  if (vcpus > 0) return 'a vCPU of a VM that is gone';
  const lostKib = before.freeKib - after.freeKib;
  return name === 'vms' && lostKib >= times * KIB_EACH ? 'memory for each VM' : undefined;
}

async function useOf(calls: KvmCalls): Promise<Use> {
  await unlessRefused(calls.host.shrinkSlabs({ signal: calls.options.signal })); // a kernel may lack it
  const slabs = await calls.kernelFile(SLABINFO);
  const memory = await calls.kernelFile('/proc/meminfo');
  const objects = new Map<string, number>();
  for (const line of (slabs ?? '').split('\n')) {
    const [, cache, active] = /^(\S+)\s+(\d+)\s+\d+\s+\d+/.exec(line) ?? [];
    if (cache !== undefined && cache !== '#') objects.set(cache, Number(active));
  }
  const [, free = '0'] = /^MemFree:\s+(\d+) kB/m.exec(memory ?? '') ?? [];
  return { objects, freeKib: Number(free) };
}

/** How many VMs have a folder in debugfs ("PID-FILE"); undefined without debugfs. */
async function vmFiles(calls: KvmCalls): Promise<number | undefined> {
  const names = await calls.kernelFile(DEBUGFS);
  return names?.split('\n').filter((name) => /^\d+-\d+$/.test(name)).length;
}
