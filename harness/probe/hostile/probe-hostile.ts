import type { KvmHost } from '../../agent/kvm-host.js';
import { SprmatrixError } from '../../base/error.js';
import type { HostileCheck, HostileRecord, RegisterRecord } from '../../record/record.generated.js';
import type { HostileCheckName } from '../../record/hostile-checks.js';
import type { Operation } from '../../sync/operation.js';
import { registerTable } from '../../sync/register-table.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { checkAddresses } from './address-checks.js';
import type { Answers } from './answers.js';
import { foreignIds, randomIds, sizedIds, unusedIds, wrongSizeIds } from './hostile-ids.js';
import type { HostilePlan } from './hostile-plan.js';
import type { HostileVcpu } from './hostile-vcpu.js';
import { requestOptions, sampleRegisters } from './hostile-vcpu.js';
import { askIds } from './id-checks.js';
import { lastWords, warningsOf } from './kernel-log.js';
import {
  checkKept,
  checkOtherFiles,
  checkPutWhileRunning,
  checkRace,
  checkSetRegs,
  checkVmmRegisters,
  checkWorks,
  getAll,
} from './vcpu-checks.js';

export interface HostileOptions extends GuestOptions {
  readonly plan: HostilePlan;
  /** What is known of a failed request: with a machine's last lines as evidence. */
  readonly explain?: ((error: unknown) => SprmatrixError) | undefined;
}

/** A check and its calls; a text says why they are not made. */
type Check = readonly [HostileCheckName, (vcpu: HostileVcpu) => Promise<Answers | string>];

/**
 * Probe 6 of DESIGN.md: calls that no VMM makes, on one fresh vCPU that must still work after them, and
 * the kernel's log after each check. `rows` are the registers' answers to the other probes, by name. A
 * host that dies of it ends the probe, not the cell: the record says which check it was.
 * Errors: an abort, and what is a fault of the harness.
 */
export async function probeHostile(
  host: KvmHost,
  rows: ReadonlyMap<string, RegisterRecord>,
  options: HostileOptions,
): Promise<HostileRecord> {
  const checks: HostileRecord['checks'] = {};
  const log = new KernelLog(host, options);
  let vcpu: HostileVcpu | undefined;
  let diedIn: HostileCheckName | undefined;
  for (const [name, ask] of allChecks(options.plan)) {
    if (diedIn !== undefined) {
      checks[name] = { answers: {}, untested: `the host died in ${diedIn}` };
      continue;
    }
    const check = await untilDeath(options, async () => {
      if (vcpu === undefined) {
        // What was logged before is no matter of this probe.
        await log.read();
        vcpu = { ...(await createGuestVcpu(host, options)), host, rows, options };
      }
      return toCheck(await ask(vcpu), warningsOf(await log.read()));
    });
    checks[name] = check;
    if (check.died !== undefined) diedIn = name;
  }
  const record = { ...options.plan, checks };
  return log.refusal === undefined ? record : { ...record, logUntested: log.refusal };
}

function allChecks(plan: HostilePlan): Check[] {
  let before: readonly Operation[] = [];
  return [
    [
      'foreign-ids',
      async (vcpu) => {
        before = await getAll(vcpu);
        return askIds(vcpu, foreignIds(sampleRegisters(vcpu)));
      },
    ],
    ['unused-ids', async (vcpu) => askIds(vcpu, unusedIds())],
    ['sizes', async (vcpu) => askIds(vcpu, sizedIds())],
    ['wrong-sizes', async (vcpu) => askIds(vcpu, wrongSizeIds(registerTable()))],
    ['random-ids', async (vcpu) => askIds(vcpu, randomIds(plan))],
    ['registers-kept', async (vcpu) => checkKept(vcpu, before)],
    ['value-addresses', async (vcpu) => checkAddresses(vcpu, 'valueAt')],
    ['argument-addresses', async (vcpu) => checkAddresses(vcpu, 'argumentAt')],
    ['set-regs', checkSetRegs],
    ['other-files', checkOtherFiles],
    ['race', checkRace],
    ['put-while-running', checkPutWhileRunning],
    ['vmm-registers', checkVmmRegisters],
    ['vcpu-works', checkWorks],
  ];
}

function toCheck(answers: Answers | string, warnings: readonly string[]): HostileCheck {
  const check =
    typeof answers === 'string' ? { answers: {}, untested: answers } : answers.toRecord();
  const [first, ...more] = warnings;
  return first === undefined ? check : { ...check, log: [first, ...more] };
}

/** The kernel's log, for a user who may read it: on hardware, not everybody may. */
class KernelLog {
  readonly #host: KvmHost;
  readonly #options: HostileOptions;
  refusal: string | undefined;

  constructor(host: KvmHost, options: HostileOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** What came since the last time. */
  async read(): Promise<string> {
    if (this.refusal !== undefined) return '';
    try {
      return await this.#host.kernelLog(requestOptions(this.#options));
    } catch (error) {
      if (!(error instanceof SprmatrixError) || !REFUSALS.includes(error.code)) throw error;
      this.refusal = error.message;
      return '';
    }
  }
}

const REFUSALS: readonly string[] = ['AGENT_REFUSED', 'KVM_REFUSED'];
/** No death of the host: the user's wish, and what is a fault of the harness. */
const NO_DEATHS: readonly string[] = ['ABORTED', 'AGENT_PROTOCOL', 'SPRSYNC_VALUE', 'SPRSYNC_WIRE'];

async function untilDeath(
  { explain }: HostileOptions,
  work: () => Promise<HostileCheck>,
): Promise<HostileCheck> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SprmatrixError) || NO_DEATHS.includes(error.code)) throw error;
    const explained = explain?.(error) ?? error;
    const died = { how: error.message, console: lastWords(explained.evidence) };
    return { answers: {}, died };
  }
}
