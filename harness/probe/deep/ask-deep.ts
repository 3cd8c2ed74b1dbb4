import type { KvmHost } from '../../agent/kvm-host.js';
import type { CellRecord, RegisterRecord } from '../../record/record.generated.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { askInterplay, interplayOf } from '../interplay/ask-interplay.js';
import type { StateName } from '../../record/states.js';
import { askStates } from '../states/ask-states.js';
import type { StateOptions } from '../states/kvm-calls.js';
import type { LogWatch } from './log-watch.js';
import { askWarningCalls } from './warning-calls.js';

/** What is known of a KVM when its registers were asked. */
export interface DeepOptions {
  readonly flavour: CellRecord['kvm']['flavour'];
  readonly capabilities: CellRecord['kvm']['capabilities'];
  /** Why states are not asked, where the machine would not live through it. */
  readonly unasked?: Readonly<Record<string, string>> | undefined;
  readonly guest: Omit<GuestOptions, 'hasTm'>;
}

/**
 * Asks what no row holds: states of a guest and of its VMM, and what calls have to do with each other.
 * `rows` are the answers of every register; `log` has followed how they were asked.
 */
export async function askDeep(
  host: KvmHost,
  rows: CellRecord['registers'],
  { flavour, capabilities, guest, unasked }: DeepOptions,
  log: LogWatch,
): Promise<NonNullable<CellRecord['states']>> {
  const leaves = hasMmio(flavour, capabilities) ? 'mmio' : 'hypercall';
  const putsHior = flavour === 'PR';
  const threads = flavour === 'HV' ? Math.max(1, capabilities['KVM_CAP_PPC_SMT'] ?? 1) : 1;
  const asked = { leaves, putsHior, threads, unasked } as const;
  const options = { ...guest, ...guestKnowledge(rows), ...asked };
  const byName = new Map(Object.entries(rows));
  const onAsked = async (name: StateName): Promise<void> => log.after(name);
  const states = {
    ...(await askStates(host, options, onAsked)),
    ...(await askInterplay(host, byName, options, onAsked)),
  };
  await askWarningCalls(await interplayOf(host, byName, options), log);
  return { ...states, 'kernel-log': log.record };
}

/** Whether a store where there is no memory ends KVM_RUN. */
function hasMmio(
  flavour: DeepOptions['flavour'],
  capabilities: DeepOptions['capabilities'],
): boolean {
  return flavour !== 'HV' || (capabilities['KVM_CAP_PPC_MMU_RADIX'] ?? 0) > 0;
}

/** What the guest probe found out that other guests need to know. */
function guestKnowledge(
  rows: CellRecord['registers'],
): Pick<StateOptions, 'hasTm' | 'present' | 'agreeing'> {
  const names = (isWanted: (row: RegisterRecord) => boolean): ReadonlySet<string> =>
    new Set(Object.entries(rows).flatMap(([name, row]) => (isWanted(row) ? [name] : [])));
  return {
    hasTm: rows['TFHAR']?.get === 'ok',
    present: names(
      ({ get, guest }) =>
        get === 'ok' && guest?.read.answer !== 'untested' && guest?.write.answer !== 'untested',
    ),
    agreeing: names(
      ({ guest }) => guest?.read.answer === 'agrees' && guest.write.answer === 'agrees',
    ),
  };
}
