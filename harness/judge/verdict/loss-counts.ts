import type { VerdictKind } from './verdict-kinds.js';

/** Whose a loss can be. */
export type LossCause = Extract<
  VerdictKind,
  'unexplained' | 'kernel' | 'configuration' | 'emulator' | 'design'
>;

/** How many losses are whose; what nothing explains counts as the kernel's until somebody says why. */
export interface LossCounts {
  readonly kernel: number;
  readonly configuration: number;
  readonly emulator: number;
  readonly design: number;
}

/** Counts losses by whose they are. */
export function countLosses(causes: readonly LossCause[]): LossCounts {
  const count = (...wanted: readonly LossCause[]): number =>
    causes.filter((cause) => wanted.includes(cause)).length;
  return {
    kernel: count('kernel', 'unexplained'),
    configuration: count('configuration'),
    emulator: count('emulator'),
    design: count('design'),
  };
}

/** "1 kernel, 0 configuration, 12 QEMU"; what is meant to be lost is added where there is any. */
export function lossCountsText({ kernel, configuration, emulator, design }: LossCounts): string {
  const meant = design === 0 ? '' : `, ${design} by design`;
  return `${kernel} kernel, ${configuration} configuration, ${emulator} QEMU${meant}`;
}

/** Whether losses fail a migration: the kernel's and the configuration's do; with `isStrict` any does. */
export function isLossFailure(
  { kernel, configuration, emulator, design }: LossCounts,
  isStrict = false,
): boolean {
  return kernel + configuration + (isStrict ? emulator + design : 0) > 0;
}
