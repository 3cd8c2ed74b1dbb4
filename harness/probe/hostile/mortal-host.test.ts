import { expect, test } from '@playwright/test';
import type { KvmHost } from '../../agent/kvm-host.js';
import { rejectionOf } from '../../base/testing/errors.js';
import { HOSTILE_CHECKS } from '../../record/hostile-checks.js';
import { registerNamed } from '../../sync/register-table.js';
import type { FakeHost } from './testing/fake-host.js';
import { fakeHost } from './testing/fake-host.js';
import { dies, found, probe } from './testing/probe-fake.js';

/** A host that dies of the hostile calls of a check: the first to make any is number 1. */
function deadly(numberOfCheck: number): FakeHost {
  let made = 0;
  return fakeHost(({ host }) => ({
    hostileCalls: async (vcpu, file, calls) => {
      made += 1;
      return made === numberOfCheck ? dies('KERNEL_FAILED') : host.hostileCalls(vcpu, file, calls);
    },
  }));
}

/** Gives one host after the other; `left` are those that were not asked for. */
function successors(...fakes: FakeHost[]): { left: FakeHost[]; next: () => Promise<KvmHost> } {
  const next = (): Promise<KvmHost> => {
    const host = fakes.shift()?.host;
    return host === undefined ? dies('NO_MORE') : Promise.resolve(host);
  };
  return { left: fakes, next };
}

/** Why a check that looks back is not made. */
function nothingSince(check: string): string {
  return `the host died in ${check}, and nothing that this looks back on was asked of another`;
}

const DIED = { how: 'KERNEL_FAILED', console: ['before', 'Oops: -'] };

test('a host that dies ends the probe and not the cell: the record says in which check', async () => {
  const record = await probe(fakeHost(() => ({ race: () => dies('KERNEL_FAILED') })));
  expect(found(record)).toEqual({
    race: {
      died: { how: 'KERNEL_FAILED', console: ['before', 'Oops: -'] },
    },
    'vcpu-works': { untested: 'the host died in race' },
    'put-while-running': { untested: 'the host died in race' },
    'vmm-registers': { untested: 'the host died in race' },
  });
});

test('what comes after a death is asked of another host, and what that logged before is not reported', async () => {
  const other = fakeHost();
  other.log.push('4,1,1,-;WARNING: while it booted');
  const { left, next } = successors(other);
  const record = await probe(
    fakeHost(() => ({ race: () => dies('KERNEL_FAILED') })),
    next,
  );
  expect(found(record)).toEqual({ race: { died: DIED } });
  expect(Object.keys(record.checks)).toEqual([...HOSTILE_CHECKS]);
  expect(record.checks['vcpu-works']).toEqual({ answers: { ok: 7 } });
  expect(left).toEqual([]);
});

test('a host that takes the place of one that died may die as well', async () => {
  const deadlyRun = fakeHost(() => ({ putWhileRunning: () => dies('KERNEL_FAILED') }));
  const { left, next } = successors(deadly(3), deadlyRun, fakeHost());
  const record = await probe(deadly(2), next);
  expect(found(record)).toEqual({
    'unused-ids': { died: DIED },
    'random-ids': { died: DIED },
    'registers-kept': { untested: nothingSince('random-ids') },
    'put-while-running': { died: DIED },
  });
  expect(record.checks['vcpu-works']).toEqual({ answers: { ok: 7 } });
  expect(left).toEqual([]);
});

test('registers are compared on one host: what another holds is no change', async () => {
  const other = fakeHost();
  other.held.set(registerNamed('LPCR').id, 0x1fn);
  const { next } = successors(other);
  const record = await probe(deadly(3), next);
  expect(found(record)).toEqual({ sizes: { died: DIED } });
  expect(record.checks['registers-kept']).toEqual({ answers: { ok: 310 } });
});

test('a register that changes on the other host is reported', async () => {
  const other = fakeHost(({ host, held }) => ({
    hostileCalls: async (vcpu, file, calls) => {
      held.set(registerNamed('LPCR').id, 0x1fn);
      return host.hostileCalls(vcpu, file, calls);
    },
  }));
  const record = await probe(deadly(3), successors(other).next);
  expect(found(record)).toEqual({
    sizes: { died: DIED },
    'registers-kept': {
      unexpected: {
        count: 1,
        first: [{ call: 'get 0x10200000000000b5 (LPCR)', expected: '0x0', got: '0x1f' }],
      },
    },
  });
});

test('a check that looks back on nothing is not made, and no host is started for it', async () => {
  let puts = 0;
  const dying = fakeHost(({ host }) => ({
    putWhileRunning: async (vcpu, request) => {
      puts += 1;
      const isOfLast = puts > 1;
      return isOfLast ? dies('KERNEL_FAILED') : host.putWhileRunning(vcpu, request);
    },
  }));
  const { left, next } = successors(fakeHost());
  expect(found(await probe(dying, next))).toEqual({
    'vmm-registers': { died: DIED },
    'vcpu-works': { untested: nothingSince('vmm-registers') },
  });
  expect(left).toHaveLength(1);
});

test('a host that cannot be replaced leaves the rest untested, and is tried once', async () => {
  let tried = 0;
  const record = await probe(
    fakeHost(() => ({ race: () => dies('KERNEL_FAILED') })),
    () => {
      tried += 1;
      return dies('QEMU_EXITED');
    },
  );
  const untested = 'the host died in race, and no other took its place: a/b: QEMU_EXITED';
  expect(found(record)).toEqual({
    race: { died: DIED },
    'put-while-running': { untested },
    'vmm-registers': { untested },
    'vcpu-works': { untested },
  });
  expect(tried).toBe(1);
});

test('an abort while a host is replaced ends the probe', async () => {
  const dying = fakeHost(() => ({ race: () => dies('KERNEL_FAILED') }));
  const error = await rejectionOf(probe(dying, () => dies('ABORTED')));
  expect([error.code, error.message]).toEqual(['ABORTED', 'a/b: ABORTED']);
});

test('an interrupted probe, and a fault of the harness, are no death of the host', async () => {
  for (const code of ['ABORTED', 'AGENT_PROTOCOL']) {
    const error = await rejectionOf(probe(fakeHost(() => ({ race: () => dies(code) }))));
    expect(error.code).toBe(code);
  }
});
