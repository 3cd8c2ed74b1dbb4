import { expect, test } from '@playwright/test';
import type { HostileCall, HostileResult } from '../../agent/hostile-calls.js';
import { HOSTILE_CHECKS } from '../../record/hostile-checks.js';
import { registerNamed } from '../../sync/register-table.js';
import type { FakeHost } from './testing/fake-host.js';
import { fakeHost } from './testing/fake-host.js';
import { dies, found, probe } from './testing/probe-fake.js';

/** A host of which some calls come to something else. */
function withCalls(change: (call: HostileCall) => Partial<HostileResult> | undefined): FakeHost {
  return fakeHost(({ host }) => ({
    hostileCalls: async (vcpu, file, calls) => {
      const results = await host.hostileCalls(vcpu, file, calls);
      return results.map((result, index) => {
        const call = calls[index];
        return file === 'vcpu' && call !== undefined ? { ...result, ...change(call) } : result;
      });
    },
  }));
}

test('a host that refuses what it must is asked every check, and nothing is found', async () => {
  const record = await probe(fakeHost());
  expect(Object.keys(record.checks)).toEqual([...HOSTILE_CHECKS]);
  expect(found(record)).toEqual({});
  expect([record.ids, record.seed]).toEqual([40, 1]);
  expect(record.checks['foreign-ids']).toEqual({ answers: { EINVAL: 90 } });
  expect(record.checks['other-files']).toEqual({ answers: { EBADF: 2, ENOTTY: 2 } });
});

test('an id of no register that is answered is reported with its value', async () => {
  const record = await probe(
    withCalls(({ id, direction }) =>
      id === 0x1080_0000_0000_03ffn && direction === 'get'
        ? { error: 0, value: 0x2an, extent: 256 }
        : undefined,
    ),
  );
  expect(found(record)).toEqual({
    sizes: {
      unexpected: {
        count: 1,
        first: [
          {
            call: 'get 0x10800000000003ff',
            expected: 'EINVAL or ENXIO',
            got: 'ok 0x2a',
          },
        ],
      },
    },
  });
});

test('a refused get that writes, and a get that writes behind its value, are reported', async () => {
  const { id } = registerNamed('DAR');
  const record = await probe(
    withCalls((call) => {
      if (call.id === 0x1000_0000_0000_03ffn && call.direction === 'get') return { extent: 8 };
      return call.id === id && call.direction === 'get' ? { extent: 12 } : undefined;
    }),
  );
  // DAR is asked among the addresses, where its value is what counts.
  expect(found(record)).toEqual({
    sizes: {
      unexpected: {
        count: 1,
        first: [
          { call: 'get 0x10000000000003ff', expected: 'nothing written', got: '8 bytes written' },
        ],
      },
    },
  });
});

test('an address that does not work as it must is reported with its kind', async () => {
  const record = await probe(
    withCalls(({ id, direction, valueAt }) => {
      if (id !== registerNamed('DAR').id || direction !== 'get') return undefined;
      if (valueAt === 'null') return { error: 0 };
      return valueAt === 'two-pages' ? { value: 7n } : undefined;
    }),
  );
  const { unexpected } = record.checks['value-addresses'] ?? {};
  expect(unexpected?.count).toBe(2);
  expect(unexpected?.first.map(({ call, got }) => `${call}: ${got}`)).toEqual([
    'get DAR valueAt two-pages: 0x7',
    'get DAR valueAt null: ok',
  ]);
});

test('a register that a refused call changed is reported by name', async () => {
  const fake = fakeHost(({ host, held }) => ({
    hostileCalls: (vcpu, file, calls) => {
      if (calls.some(({ id }) => id === 0x1030_0000_0000_0000n)) {
        held.set(registerNamed('LPCR').id, 0x1fn);
      }
      return host.hostileCalls(vcpu, file, calls);
    },
  }));
  expect(found(await probe(fake))).toEqual({
    'registers-kept': {
      unexpected: {
        count: 1,
        first: [{ call: 'get 0x10200000000000b5 (LPCR)', expected: '0x0', got: '0x1f' }],
      },
    },
  });
});

test('a torn value, and a put that is lost while the guest runs, are reported', async () => {
  const fake = fakeHost(({ held }) => ({
    race: (_vcpu, { id }) =>
      Promise.resolve({
        ...{ putError: 0, getError: 0, whole: 9 },
        torn: id === registerNamed('VR0').id ? 1 : 0,
        tornValue: 5n,
      }),
    putWhileRunning: () => {
      held.set(registerNamed('DAR').id, 3n);
      return Promise.resolve({ runErrno: 4, reason: 0, putError: 0, tookUs: 1, changed: [] });
    },
  }));
  const { race, 'put-while-running': put } = (await probe(fake)).checks;
  expect(race?.unexpected?.first[0].got).toBe('0x5 and the like');
  expect(put?.unexpected?.first[0]).toEqual(
    expect.objectContaining({ call: 'put DAR while the vCPU runs', got: '0x3' }),
  );
});

test('what KVM_RUN did to the registers of the thread that called it is reported by kind', async () => {
  const ofPut: string[] = [];
  const rounds = [ofPut, ['FPR14', 'VSCR'], ['FPR14', 'FPR31']];
  const fake = fakeHost(({ host }) => ({
    putWhileRunning: async (vcpu, request) => {
      const result = await host.putWhileRunning(vcpu, request);
      return { ...result, changed: rounds.shift() ?? [] };
    },
  }));
  const note = (which: string): object => ({
    ...{ call: `the caller's ${which} over KVM_RUN`, expected: 'the same values', got: 'others' },
  });
  expect((await probe(fake)).checks['vmm-registers']).toEqual({
    answers: { ok: 2 },
    unexpected: { count: 2, first: [note('FPR14 to FPR31'), note('VSCR')] },
  });
});

test('what the kernel logs is laid to the check that was made', async () => {
  const fake = fakeHost(({ host, log }) => ({
    race: (vcpu, race) => {
      log.push('4,7,1,-;WARNING: CPU: 0 PID: 77 at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2');
      return host.race(vcpu, race);
    },
  }));
  fake.log.push('4,1,1,-;WARNING: of an earlier probe');
  expect(found(await probe(fake))).toEqual({
    race: { log: ['WARNING: CPU: 0 PID: - at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2'] },
  });
});

test('a log that the user may not read is untested', async () => {
  const record = await probe(fakeHost(() => ({ kernelLog: () => dies('KVM_REFUSED') })));
  expect(found(record)).toEqual({});
  expect(record.logUntested).toBe('a/b: KVM_REFUSED');
});
