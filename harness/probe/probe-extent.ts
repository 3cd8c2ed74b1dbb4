import type { Register } from '../sync/register-table.js';
import type { HostilePlan } from './hostile/hostile-plan.js';

/** How much a cell is asked. */
export interface ProbeExtent {
  /** Registers to ask; the others' rows are `untested`. The default is all of them. */
  readonly registers?: readonly Register[] | undefined;
  /** The hostile calls to make after all else; none when undefined. */
  readonly hostile?: HostilePlan | undefined;
  /** Whether what takes longer is asked too. */
  readonly isDeep?: boolean | undefined;
  /** Put every bit of every register alone, not only where patterns of pairs were not all kept. */
  readonly isExhaustive?: boolean | undefined;
}

/** The extent among other options. */
export function probeExtentOf({
  registers,
  hostile,
  isDeep,
  isExhaustive,
}: ProbeExtent): ProbeExtent {
  return { registers, hostile, isDeep, isExhaustive };
}
