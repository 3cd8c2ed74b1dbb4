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

interface Question {
  readonly ask: (calls: KvmCalls) => Promise<StateRecord>;
  /** Why a KVM is not asked; undefined where it is. */
  readonly whyNot?: (options: StateOptions) => string | undefined;
}

const ofHv = ({ isPapr }: StateOptions): string | undefined =>
  isPapr ? undefined : 'no guest of KVM-PR was asked yet';

/** How each state is asked. */
const QUESTIONS: readonly (readonly [StateName, Question])[] = [
  ['host-facts', { ask: askHostFacts }],
  ['arch-compat', { ask: askArchCompat, whyNot: ofHv }],
  ['exits', { ask: askExits, whyNot: ofHv }],
  [
    'spr-scan',
    {
      ask: askSprScan,
      whyNot: (options) =>
        options.leaves === 'mmio'
          ? ofHv(options)
          : 'with a hashed page table the guest stops before it reads again (powernv8)',
    },
  ],
  ['sregs', { ask: askSregs, whyNot: ofHv }],
  ['interrupts', { ask: askInterrupts, whyNot: ofHv }],
  ['time', { ask: askTime, whyNot: ofHv }],
  ['watchpoints', { ask: askWatchpoints, whyNot: ofHv }],
  ['doorbells', { ask: askDoorbells, whyNot: ofHv }],
  ['leaks', { ask: askLeaks }],
];

/** Asks for every state that has no row, each on VMs of its own. */
export async function askStates(
  host: KvmHost,
  options: StateOptions,
  onAsked: (name: StateName) => Promise<void>,
): Promise<NonNullable<CellRecord['states']>> {
  const states: Record<string, StateRecord> = {};
  for (const [name, { ask, whyNot }] of QUESTIONS) {
    const untested = options.unasked?.[name] ?? whyNot?.(options);
    if (untested === undefined) {
      states[name] = await ask(new KvmCalls(host, options));
      await onAsked(name);
    } else {
      states[name] = { answers: {}, untested };
    }
  }
  return states;
}
