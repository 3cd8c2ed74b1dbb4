import { resolve } from 'node:path';
import { setInvocation, programWords } from '../../base/invocation.js';
import type { HostilePlan } from '../../probe/hostile/hostile-plan.js';

/** The options of a command about cells that a line which shows a failure again has to have. */
export interface RepeatedOptions {
  readonly register?: readonly string[];
  readonly hostile?: HostilePlan | undefined;
  readonly deep?: boolean | undefined;
  readonly exhaustive?: boolean;
  readonly qemu?: readonly string[];
  readonly mirror?: string | undefined;
  readonly flavour?: string | undefined;
  readonly cold?: boolean;
  readonly calibration?: boolean | undefined;
  readonly out?: string;
  readonly requireAll?: boolean;
}

/** Keeps how this process was called, with the options that its cells have in common. */
export function rememberInvocation(options: RepeatedOptions): void {
  const { register = [], hostile, deep, qemu = [], mirror, flavour, out } = options;
  setInvocation({
    ...programWords(),
    asked: [
      ...register.map((selector) => `--register=${selector}`),
      ...(hostile === undefined ? [] : [`--hostile=${hostile.ids}:${hostile.seed}`]),
      ...(deep === true ? ['--deep'] : []),
      ...(options.exhaustive === true ? ['--exhaustive'] : []),
    ],
    options: [
      ...(qemu.length === 1 ? qemu.map((path) => `--qemu=${asPath(path)}`) : []),
      ...(mirror === undefined ? [] : [`--mirror=${mirror}`]),
      ...(flavour === undefined ? [] : [`--flavour=${flavour}`]),
      ...(options.cold === true ? ['--cold'] : []),
      ...(options.calibration === false ? ['--no-calibration'] : []),
      ...(options.requireAll === true ? ['--require-all'] : []),
      ...(out === undefined || out === 'out' ? [] : [`--out=${resolve(out)}`]),
    ],
  });
}

/** A program is looked for on the PATH when its name has no slash. */
const asPath = (program: string): string => (program.includes('/') ? resolve(program) : program);
