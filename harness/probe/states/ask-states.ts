import type { KvmHost } from '../../agent/kvm-host.js';
import type { CellRecord, StateRecord } from '../../record/record.generated.js';
import type { StateName } from '../../record/states.js';
import { askArchCompat } from './arch-compat.js';
import { askExits } from './exits.js';
import { askSprScan } from './spr-scan.js';
import { askHostFacts } from './host-facts.js';
import { askSregs } from './sregs.js';
import type { StateOptions } from './kvm-calls.js';
import { KvmCalls, makesIoctls } from './kvm-calls.js';

/** How each state is asked. */
const QUESTIONS: readonly (readonly [StateName, (calls: KvmCalls) => Promise<StateRecord>])[] = [
  ['host-facts', askHostFacts],
  ['arch-compat', askArchCompat],
  ['exits', askExits],
  ['spr-scan', askSprScan],
  ['sregs', askSregs],
];

/** Asks for every state that has no row, each on VMs of its own. */
export async function askStates(
  host: KvmHost,
  options: StateOptions,
): Promise<NonNullable<CellRecord['states']>> {
  const states: Record<string, StateRecord> = {};
  for (const [name, ask] of QUESTIONS) {
    states[name] = makesIoctls(host)
      ? await ask(new KvmCalls(host, options))
      : { answers: {}, untested: 'this host makes no other ioctls than those of ONE_REG' };
  }
  return states;
}
