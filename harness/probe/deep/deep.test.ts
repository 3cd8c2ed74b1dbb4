import { expect, test } from '@playwright/test';
import type { KvmHost } from '../../agent/kvm-host.js';
import { row } from '../../record/record.fixture.js';
import type { Operation } from '../../sync/operation.js';
import { registerNamed, registerTable } from '../../sync/register-table.js';
import { interplayOf } from '../interplay/ask-interplay.js';
import type { Interplay } from '../interplay/asked-vcpus.js';
import { askPutValues } from '../interplay/put-values.js';
import { askRestoreOrders } from '../interplay/restore-orders.js';
import { askTwoVcpus } from '../interplay/two-vcpus.js';
import { KvmCalls } from '../states/kvm-calls.js';
import { askExits } from '../states/exits.js';
import { askLeaks } from '../states/leaks.js';
import type { Behaviours } from '../testing/simulated-vcpu.js';
import { allPlain, simulatedHost } from '../testing/simulated-vcpu.js';
import { LogWatch } from './log-watch.js';
import { askWarningCalls } from './warning-calls.js';

const OPTIONS = {
  vmType: 1,
  isPapr: true,
  byteOrder: 'little',
  hasTm: false,
  leaves: 'hypercall',
  threads: 1,
  present: new Set<string>(),
  agreeing: new Set<string>(),
} as const;

/** A simulated host, some of whose requests are answered by `overrides`. */
function hostOf(behaviours: Behaviours, given: Partial<KvmHost> = {}): KvmHost {
  const { agent } = simulatedHost(behaviours);
  const overrides: Partial<KvmHost> = {
    // It has ONE_REG alone.
    ioctl: async ({ argument }) =>
      Promise.resolve({ result: -22, structure: argument as Buffer, behind: Buffer.alloc(0) }),
    hostileCalls: async (_vcpu, _file, calls) =>
      Promise.resolve(calls.map(() => ({ error: -22, extent: 0, value: 0n }))),
    ...given,
  };
  return new Proxy(agent, {
    get: (target, name) => {
      const own: unknown = Reflect.get(overrides, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Some registers of it, which all hold what they are given. */
async function interplay(host: KvmHost, names: readonly string[]): Promise<Interplay> {
  const rows = new Map(names.map((name) => [name, row('exact')]));
  return interplayOf(host, rows, OPTIONS);
}

const NAMES = ['DSCR', 'PURR', 'SPURR', 'AMR', 'UAMOR'];

test('vCPUs and registers of their own have nothing to do with each other', async () => {
  const of = await interplay(hostOf(allPlain()), NAMES);
  expect((await askTwoVcpus(of)).faults).toBeUndefined();
  expect((await askPutValues(of)).faults).toBeUndefined();
  expect((await askRestoreOrders(of)).faults).toBeUndefined();
});

test('a put that changes another register is found by special values and by orders', async () => {
  const of = await interplay(hostOf({ ...allPlain(), DSCR: { alsoPuts: 'AMR' } }), NAMES);
  const values = await askPutValues(of);
  expect(Object.keys(values.faults ?? {})).toEqual(
    [
      ...['zero', 'ones', 'one', 'top-bit', 'same'],
      ...Array.from({ length: 62 }, (_, bit) => `bit-${bit + 1}`),
    ].map((value) => `DSCR.${value}.AMR`),
  );
  const orders = await askRestoreOrders(of);
  expect(Object.keys(orders.faults ?? {})).toEqual(['AMR']);
  expect(orders.answers['AMR']).toContain('when put before DSCR');
});

/** A host that warns in its log when an operation that `isWarnedOf` chooses was made. */
function warningHost(isWarnedOf: (operation: Operation) => boolean, isOnce = false): KvmHost {
  const { agent } = simulatedHost(allPlain());
  let warned = 0;
  let told = 0;
  return hostOf(allPlain(), {
    execute: async (vcpu, operations, options) => {
      if (operations.some(isWarnedOf) && !(isOnce && warned > 0)) warned += 1;
      await agent.createVcpu(await agent.createVm(1), 0);
      return agent.execute(vcpu, operations, options);
    },
    kernelLog: async () => {
      const text = warned > told ? '4,1,1,-;KVM: it is zero\n' : '';
      told = warned;
      return Promise.resolve(text);
    },
  });
}

const isZeroOfCsigr = ({ id, direction, value }: Operation): boolean =>
  direction === 'put' && value === 0n && id === registerNamed('CSIGR').id;

test('a call that the kernel warns of is named by halving', async () => {
  const host = warningHost(isZeroOfCsigr);
  const log = new LogWatch(host, OPTIONS);
  await log.begin();
  await askWarningCalls(await interplay(host, NAMES), log);
  expect(log.record.faults).toEqual({ 'CSIGR.put-zero': 'a clean kernel log' });
  expect(log.record.answers).toEqual({
    vm: 'clean',
    'calls.get': 'clean',
    'calls.put': 'clean',
    'CSIGR.put-zero': '"KVM: it is zero"',
    'calls.put-ones': 'clean',
  });
});

test('what a kernel warns of whenever a VM comes and goes is said once', async () => {
  let reads = 0;
  const host = hostOf(allPlain(), {
    kernelLog: async () => Promise.resolve((reads += 1) === 1 ? '' : '4,1,1,-;KVM: no hcall\n'),
  });
  const log = new LogWatch(host, OPTIONS);
  await log.begin();
  await log.after('registers');
  expect(log.record.answers).toEqual({ vm: '"KVM: no hcall"', registers: 'clean' });
});

test('what a kernel warns of once is named by its batch', async () => {
  const host = warningHost(isZeroOfCsigr, true);
  const log = new LogWatch(host, OPTIONS);
  await askWarningCalls(await interplay(host, NAMES), log);
  expect(log.record.faults).toEqual({ 'calls.put-zero': 'a clean kernel log' });
});

test('a guest that reaches no register at all is an answer, and no failure of the harness', async () => {
  const { answers, faults } = await askExits(new KvmCalls(hostOf(allPlain()), OPTIONS));
  expect(answers).toEqual({ all: 'a guest reaches no register' });
  expect(faults).toEqual({ all: 'a guest that runs' });
});

/** What the kernel of a host has in use when ACOP was got so often. */
interface KernelUse {
  readonly objects?: (gets: number) => number;
  readonly freeKib?: (gets: number) => number;
}

function countingCalls({ objects = () => 0, freeKib = () => 0 }: KernelUse): KvmCalls {
  const { agent } = simulatedHost(allPlain());
  const acop = registerTable().find(({ name }) => name === 'ACOP')?.id;
  let gets = 0;
  const host = hostOf(allPlain(), {
    execute: async (vcpu, operations, options) => {
      gets += operations.filter(({ id, direction }) => direction === 'get' && id === acop).length;
      await agent.createVcpu(await agent.createVm(1), 0);
      return agent.execute(vcpu, operations, options);
    },
    ioctl: async ({ argument }) =>
      Promise.resolve({ result: 0, structure: argument as Buffer, behind: Buffer.alloc(0) }),
    shrinkSlabs: async () => Promise.resolve(),
    readKernelFile: async (path) =>
      Promise.resolve(
        path === '/proc/slabinfo'
          ? `slabinfo - version: 2.1\nkmalloc-64 ${1000 + objects(gets)} 2000 64 64 1 : tunables\n`
          : `MemFree: ${freeKib(gets)} kB\n`,
      ),
  });
  return new KvmCalls(host, OPTIONS);
}

const atOnce = async (): Promise<void> => Promise.resolve();

test('a call that leaves an object behind is found, and one that leaves none is not', async () => {
  expect((await askLeaks(countingCalls({}), atOnce)).faults).toBeUndefined();
  const { answers, faults } = await askLeaks(countingCalls({ objects: (gets) => gets }), atOnce);
  expect(faults).toEqual({ gets: 'nothing is left' });
  expect(answers['gets']).toBe('an object of kmalloc-64 for each call (ACOP)');
});

test('a call that loses a page is found, and what a kernel takes once is no leak', async () => {
  const once = countingCalls({ freeKib: (gets) => (gets > 2 ? 800_000 : 801_220) });
  expect((await askLeaks(once, atOnce)).faults).toBeUndefined();
  const each = countingCalls({ freeKib: (gets) => 800_000 - 4 * gets });
  const { answers, faults } = await askLeaks(each, atOnce);
  expect(faults).toEqual({ gets: 'nothing is left' });
  expect(answers['gets']).toBe('memory for each call');
});
