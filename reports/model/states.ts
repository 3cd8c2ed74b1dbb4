import type { Support } from '../../harness/record/cell-record.js';

/** How a support value is shown and what it means. */
export interface State {
  /** One character, a different one for each: a table is legible without colours. */
  readonly sign: string;
  /** What the kernel does, in one sentence. */
  readonly meaning: string;
}

/** Every support value, in the order of `SUPPORTS`. */
export const SUPPORT_STATES: Readonly<Record<Support, State>> = {
  exact: { sign: 'E', meaning: 'every pattern put was accepted and read back unchanged' },
  masked: { sign: 'M', meaning: 'puts are accepted, some bits do not follow' },
  restricted: { sign: 'R', meaning: 'some values are accepted, some refused' },
  lost: { sign: 'L', meaning: 'puts return success and no bit follows' },
  'get-only': { sign: 'G', meaning: 'get works, every put is refused' },
  'put-only': { sign: 'P', meaning: 'put works, every get is refused' },
  volatile: { sign: 'V', meaning: 'the value moves by itself' },
  aliased: { sign: 'A', meaning: "it answers with another register's value" },
  absent: {
    sign: '–',
    meaning: 'get and put are refused: EINVAL (id unknown) or ENXIO (no such facility here)',
  },
  untested: { sign: '', meaning: 'not asked' },
  error: { sign: '!', meaning: 'the harness failed: no answer of the kernel' },
};
