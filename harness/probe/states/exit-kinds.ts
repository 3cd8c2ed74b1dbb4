import { exitInstructions } from '../guest/guest-program.js';
import * as actions from './guest-actions.js';

/** A way out of the guest, or an interrupt within it. */
export interface Exit {
  readonly name: string;
  readonly instructions: readonly number[];
  /** The same of a guest with hypercalls, where that is another. */
  readonly ofPapr?: readonly number[];
  /** The interrupt that the guest gets; undefined where it goes on behind the instructions. */
  readonly vector?: number;
  /** Whether it is a hypercall, which keeps of the general registers what PAPR says. */
  readonly isHypercall?: true;
  /** Whether only a guest with hypercalls has it. */
  readonly isPapr?: true;
  /** Whether it is a store where there is no memory. */
  readonly isMmio?: true;
  /** Whether another guest runs meanwhile, or the VMM sets an interrupt. */
  readonly meanwhile?: 'other guest' | 'interrupt';
}

/** Every way, in the order of the guest's program. */
export const EXITS: readonly Exit[] = [
  {
    name: 'hypercall',
    instructions: exitInstructions('hypercall'),
    isPapr: true,
    isHypercall: true,
  },
  // One that KVM answers itself.
  { name: 'served', instructions: actions.prod(), isPapr: true, isHypercall: true },
  { name: 'mmio', instructions: exitInstructions('mmio'), isMmio: true },
  { name: 'other-guest', instructions: [], meanwhile: 'other guest' },
  {
    name: 'cede',
    instructions: actions.cede(),
    vector: 0x900,
    isPapr: true,
    isHypercall: true,
  },
  { name: 'decrementer', instructions: actions.decrementer(), vector: 0x900 },
  {
    name: 'external',
    instructions: actions.interruptible(actions.LONG),
    ofPapr: actions.interruptedAtOnce(actions.LONG),
    vector: 0x500,
    isHypercall: true,
    meanwhile: 'interrupt',
  },
  { name: 'signal', instructions: actions.spin(400) },
  // A page that nothing was in.
  { name: 'page-fault', instructions: actions.load(0x80_0000) },
  { name: 'illegal', instructions: actions.illegal(), vector: 0x700 },
];

const WAYS_OUT: ReadonlySet<string> = new Set(
  [exitInstructions('hypercall'), exitInstructions('mmio')].map((exit) => JSON.stringify(exit)),
);

/** Whether instructions end with the guest outside: by a hypercall to the VMM, or where no memory is. */
export function leaves(instructions: readonly number[]): boolean {
  return WAYS_OUT.has(JSON.stringify(instructions));
}
