import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { SprmatrixError } from '../../base/error.js';
import type { HostilePlan } from '../../probe/hostile/hostile-plan.js';
import { DEFAULT_HOSTILE, parseHostilePlan } from '../../probe/hostile/hostile-plan.js';

export interface HostileOption {
  readonly hostile?: HostilePlan | undefined;
}

/** Adds --hostile: how many random ids the hostile probe asks for, and their seed. */
export function addHostile(command: Command): Command {
  const { ids, seed } = DEFAULT_HOSTILE;
  return command.option(
    '--hostile <n[:seed]>',
    `random ids that each cell is asked for, and their seed; 0: no hostile calls (default: ${ids}:${seed})`,
    (text: string) => {
      const plan = parseHostilePlan(text);
      if (plan !== undefined) return plan;
      throw new InvalidArgumentError(
        `"${text}" is no number of ids up to 1000000, with or without a seed up to 4294967295 ("5000", "5000:7").`,
      );
    },
  );
}

/**
 * The hostile calls that a run makes: those that were asked for, else the default ones when every
 * register is asked. Throws usage errors: `HOSTILE_PART` next to a choice of registers, whose answers
 * the calls are judged by; `BASELINE_HOSTILE` next to --update-baseline.
 */
export function hostilePlanOf({
  hostile,
  register,
  updateBaseline,
}: HostileOption & {
  readonly register: readonly string[];
  readonly updateBaseline: boolean;
}): HostilePlan | undefined {
  if (hostile !== undefined && hostile.ids > 0 && register.length > 0) {
    throw new SprmatrixError({
      code: 'HOSTILE_PART',
      kind: 'usage',
      message: `--hostile asks every register, but --register=${register.join(',')} asks for some`,
      hint: 'leave out one of the two',
    });
  }
  if (hostile !== undefined && updateBaseline) {
    throw new SprmatrixError({
      code: 'BASELINE_HOSTILE',
      kind: 'usage',
      message:
        '--update-baseline records the same hostile calls for every cell, not those of --hostile',
      hint: 'leave out one of the two',
    });
  }
  const plan = hostile ?? (register.length > 0 ? undefined : DEFAULT_HOSTILE);
  return plan === undefined || plan.ids === 0 ? undefined : plan;
}
