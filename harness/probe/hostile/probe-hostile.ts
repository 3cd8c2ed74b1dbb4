import type { KvmHost } from '../../agent/kvm-host.js';
import type { HostileRecord, RegisterRecord } from '../../record/record.generated.js';
import { registerTable } from '../../sync/register-table.js';
import { checkAddresses } from './address-checks.js';
import { foreignIds, randomIds, sizedIds, unusedIds, wrongSizeIds } from './hostile-ids.js';
import type { HostilePlan } from './hostile-plan.js';
import { sampleRegisters } from './hostile-vcpu.js';
import { askIds } from './id-checks.js';
import type { Check, MortalOptions } from './mortal-host.js';
import { MortalHost } from './mortal-host.js';
import {
  checkKept,
  checkOtherFiles,
  checkPutWhileRunning,
  checkRace,
  checkSetRegs,
  checkVmmRegisters,
  checkWorks,
} from './vcpu-checks.js';

export interface HostileOptions extends MortalOptions {
  readonly plan: HostilePlan;
}

/**
 * The hostile probe: calls that no VMM makes, on one fresh vCPU that must still work after them, and
 * the kernel's log after each check. `rows` are the registers' answers to the other probes, by name.
 *
 * A host that dies of it ends neither the cell nor the probe: the record says which check it was, and the
 * checks that follow are made on a fresh vCPU of the host that `replaceHost` gives, as often as it takes.
 * Two checks look back: `registers-kept` on the ids, `vcpu-works` on all that came before. After a death
 * they say so of what was asked since then, by values that were got since then, and are untested when that
 * is nothing: that a fresh vCPU is fresh is no answer. Without `replaceHost`, and when it fails, the rest
 * is untested.
 *
 * Errors: an abort, and what is a fault of the harness.
 */
export async function probeHostile(
  host: KvmHost,
  rows: ReadonlyMap<string, RegisterRecord>,
  options: HostileOptions,
): Promise<HostileRecord> {
  const checks: HostileRecord['checks'] = {};
  const mortal = new MortalHost(host, rows, options);
  for (const check of allChecks(options.plan)) checks[check.name] = await mortal.ask(check);
  const record = { ...options.plan, checks };
  const { refusal } = mortal.log;
  return refusal === undefined ? record : { ...record, logUntested: refusal };
}

function allChecks(plan: HostilePlan): Check[] {
  const ofIds: Check[] = [
    {
      name: 'foreign-ids',
      ask: async (vcpu) => askIds(vcpu, foreignIds(sampleRegisters(vcpu))),
    },
    { name: 'unused-ids', ask: async (vcpu) => askIds(vcpu, unusedIds()) },
    { name: 'sizes', ask: async (vcpu) => askIds(vcpu, sizedIds()) },
    { name: 'wrong-sizes', ask: async (vcpu) => askIds(vcpu, wrongSizeIds(registerTable())) },
    { name: 'random-ids', ask: async (vcpu) => askIds(vcpu, randomIds(plan)) },
  ];
  const upToLast: Check[] = [
    ...ofIds,
    { name: 'registers-kept', ask: checkKept, looksBackOn: ofIds.map(({ name }) => name) },
    { name: 'value-addresses', ask: async (vcpu) => checkAddresses(vcpu, 'valueAt') },
    { name: 'argument-addresses', ask: async (vcpu) => checkAddresses(vcpu, 'argumentAt') },
    { name: 'set-regs', ask: checkSetRegs },
    { name: 'other-files', ask: checkOtherFiles },
    { name: 'race', ask: checkRace },
    { name: 'put-while-running', ask: checkPutWhileRunning },
    { name: 'vmm-registers', ask: checkVmmRegisters },
  ];
  const looksBackOn = upToLast.map(({ name }) => name);
  return [...upToLast, { name: 'vcpu-works', ask: checkWorks, looksBackOn }];
}
