import type { StateRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import { registerNamed } from '../../sync/register-table.js';
import { wordsToBytes } from '../guest/guest-program.js';
import { runSteps } from '../guest/guest-run.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import * as code from '../guest/instructions.js';
import { put } from '../one-reg.js';
import type { ExpectedStep } from './free-steps.js';
import { callTo, loadFrom, sayStep, storeTo } from './free-steps.js';
import type { KvmCalls } from './kvm-calls.js';
import { StateAnswers } from './state-answers.js';

/** Guest real addresses, in memory that the program does not use. */
const WATCHED = 0x30_0000;
const OTHER = 0x30_1000;
const CALLED = 0x31_0000;
const CALLED_OTHER = 0x31_1000;
/** DAWRX of a supervisor with translation off: Kernel, WTI, and DR or DW (Power ISA v3.1B, Book III, 10.4). */
const DAWRX = { load: 0x2an, store: 0x4an, off: 0x0an } as const;
/** CIABR[PRIV]: privileged, not hypervisor. */
const CIABR_SUPERVISOR = 2n;
const [DATA, TRACE] = [0x300, 0xd00];

/** Accesses of a fresh guest with registers put, and the vector that each must take. */
interface Watch {
  readonly name: string;
  readonly puts: readonly (readonly [name: string, value: bigint])[];
  readonly steps: readonly ExpectedStep[];
}

const dataWatch = (suffix: string, which: 'load' | 'store' | 'off'): Watch => ({
  name: `DAWR${suffix}.${which}`,
  puts: [
    [`DAWR${suffix}`, BigInt(WATCHED)],
    [`DAWRX${suffix}`, DAWRX[which]],
  ],
  steps: [
    ['load', loadFrom(WATCHED), which === 'load' ? DATA : undefined],
    ['store', storeTo(WATCHED), which === 'store' ? DATA : undefined],
    ['elsewhere', which === 'store' ? storeTo(OTHER) : loadFrom(OTHER)],
  ],
});

const WATCHES: readonly Watch[] = [
  ...['', '1'].flatMap((suffix) =>
    (['load', 'store', 'off'] as const).map((which) => dataWatch(suffix, which)),
  ),
  {
    name: 'CIABR',
    puts: [['CIABR', BigInt(CALLED) | CIABR_SUPERVISOR]],
    steps: [
      ['there', callTo(CALLED), TRACE],
      ['elsewhere', callTo(CALLED_OTHER)],
    ],
  },
];

/**
 * Puts of watchpoints and of the instruction breakpoint, which no guest reads, are seen by what they do: a
 * guest that makes the access takes the interrupt, and one that makes another does not.
 */
export async function askWatchpoints(calls: KvmCalls): Promise<StateRecord> {
  const { host, options } = calls;
  const { signal, byteOrder } = options;
  const answers = new StateAnswers();
  const body = wordsToBytes([code.ori(0, 0, 0), code.blr()], byteOrder);
  const memory = [CALLED, CALLED_OTHER].map((address) => ({
    address: BigInt(address),
    bytes: body,
  }));
  for (const { name, puts, steps } of WATCHES) {
    const guest = await createGuestVcpu(host, options);
    const before = puts.map(([register, value]) => put(registerNamed(register), value));
    const run = await runSteps(
      host,
      guest,
      steps.map(([, step]) => step),
      { before, after: [] },
      { ...options, memory },
    );
    await host.destroyVm(guest.vm, { signal });
    const refused = run.before.find(({ error }: Operation) => error !== 0);
    if (refused !== undefined) {
      answers.say(name, 'this KVM has it not');
      continue;
    }
    for (const [item, step, vector] of steps) {
      sayStep([`${name}.${item}`, step, vector], run.answers, answers);
    }
  }
  return answers.record;
}
