import type { KvmHost } from '../../agent/kvm-host.js';
import type { CellRecord, StateRecord } from '../../record/record.generated.js';
import type { StateName } from '../../record/states.js';
import { askArchCompat } from './arch-compat.js';
import { askExits } from './exits.js';
import { askDoorbells } from './doorbells.js';
import { askInterrupts } from './interrupts.js';
import { askLeaks } from './leaks.js';
import { askSprScan } from './spr-scan.js';
import { askHostFacts } from './host-facts.js';
import { askSregs } from './sregs.js';
import { askTime } from './time.js';
import { askWatchpoints } from './watchpoints.js';
import type { StateOptions } from './kvm-calls.js';
import { KvmCalls } from './kvm-calls.js';

/** How each state is asked. */
const QUESTIONS: readonly (readonly [StateName, (calls: KvmCalls) => Promise<StateRecord>])[] = [
  ['host-facts', askHostFacts],
  ['arch-compat', askArchCompat],
  ['exits', askExits],
  ['spr-scan', askSprScan],
  ['sregs', askSregs],
  ['interrupts', askInterrupts],
  ['time', askTime],
  ['watchpoints', askWatchpoints],
  ['doorbells', askDoorbells],
  ['leaks', askLeaks],
];
const NO_SCAN = 'with a hashed page table the guest stops before it reads again (powernv8)';

/** Asks for every state that has no row, each on VMs of its own. */
export async function askStates(
  host: KvmHost,
  options: StateOptions,
  onAsked: (name: StateName) => Promise<void>,
): Promise<NonNullable<CellRecord['states']>> {
  const states: Record<string, StateRecord> = {};
  for (const [name, ask] of QUESTIONS) {
    const isHashed = name === 'spr-scan' && options.leaves !== 'mmio';
    const untested = options.unasked?.[name] ?? (isHashed ? NO_SCAN : undefined);
    if (untested === undefined) {
      states[name] = await ask(new KvmCalls(host, options));
      await onAsked(name);
    } else {
      states[name] = { answers: {}, untested };
    }
  }
  return states;
}
