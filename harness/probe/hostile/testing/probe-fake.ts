import type { KvmHost } from '../../../agent/kvm-host.js';
import { VmType } from '../../../agent/kvm-host.js';
import { SprmatrixError } from '../../../base/error.js';
import type { HostileRecord } from '../../../record/record.generated.js';
import { probeHostile } from '../probe-hostile.js';
import type { FakeHost } from './fake-host.js';
import { exactRows } from './fake-host.js';

/** Probes a host of which every register is exact. */
export async function probe(
  { host }: FakeHost,
  replaceHost?: () => Promise<KvmHost>,
): Promise<HostileRecord> {
  return probeHostile(host, exactRows(), {
    replaceHost,
    ...{
      vmType: VmType.HV,
      isPapr: true,
      hasTm: false,
      byteOrder: 'little',
      plan: { ids: 40, seed: 1 },
    },
    lastWords: () => ['[    1.000000] before', '[    1.250000] Oops: 0xc000000000001234', 'after'],
  });
}

/** The checks that found something, and what. */
export function found({ checks }: HostileRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(checks).flatMap(([name, check]) => {
      const fields = Object.entries(check as object).filter(([field]) => field !== 'answers');
      return fields.length === 0 ? [] : [[name, Object.fromEntries(fields)]];
    }),
  );
}

/** A request that fails. */
export async function dies(code: string): Promise<never> {
  return Promise.reject(new SprmatrixError({ code, message: `a/b: ${code}` }));
}
