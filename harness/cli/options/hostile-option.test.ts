import { Command } from 'commander';
import { expect, test } from '@playwright/test';
import { errorOf } from '../../base/testing/errors.js';
import type { HostilePlan } from '../../probe/hostile/hostile-plan.js';
import { addHostile, hostilePlanOf } from './hostile-option.js';

function parsed(...args: string[]): HostilePlan | undefined {
  const command = addHostile(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts<{ hostile?: HostilePlan }>().hostile;
}

const plan = (hostile?: HostilePlan, register: readonly string[] = [], updateBaseline = false) =>
  hostilePlanOf({ hostile, register, updateBaseline });

test('--hostile takes a number of ids and a seed, and says what it takes', () => {
  expect(parsed('--hostile=5000:7')).toEqual({ ids: 5000, seed: 7 });
  expect(parsed()).toBeUndefined();
  expect(() => parsed('--hostile=many')).toThrow(
    '"many" is no number of ids up to 1000000, with or without a seed up to 4294967295 ("5000", "5000:7").',
  );
});

test('every cell is asked the default ids, unless registers are chosen or 0 says none', () => {
  expect(plan()).toEqual({ ids: 1000, seed: 1 });
  expect(plan({ ids: 5, seed: 9 })).toEqual({ ids: 5, seed: 9 });
  expect(plan({ ids: 0, seed: 1 })).toBeUndefined();
  expect(plan(undefined, ['LPCR'])).toBeUndefined();
  expect(plan({ ids: 0, seed: 1 }, ['LPCR'])).toBeUndefined();
});

test('hostile calls next to a choice of registers, or next to --update-baseline, are refused', () => {
  const part = errorOf(() => plan({ ids: 5, seed: 1 }, ['LPCR', 'DSCR']));
  expect([part.code, part.kind, part.message]).toEqual([
    'HOSTILE_PART',
    'usage',
    '--hostile asks every register, but --register=LPCR,DSCR asks for some',
  ]);
  const baseline = errorOf(() => plan({ ids: 5, seed: 1 }, [], true));
  expect([baseline.code, baseline.kind, baseline.message]).toEqual([
    'BASELINE_HOSTILE',
    'usage',
    '--update-baseline records the same hostile calls for every cell, not those of --hostile',
  ]);
});
