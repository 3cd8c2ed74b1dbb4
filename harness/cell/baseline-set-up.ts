import type { BaselineSetUp } from '../judge/baseline-faults.js';
import { RECORDED_CAPABILITIES } from '../probe/capabilities.js';
import { DEFAULT_HOSTILE } from '../probe/hostile/hostile-plan.js';

/** What every cell is asked, so that a baseline without it has a hole. */
export const BASELINE_SET_UP: BaselineSetUp = {
  capabilities: Object.keys(RECORDED_CAPABILITIES),
  hostile: DEFAULT_HOSTILE,
};
