import { expect, test } from '@playwright/test';
import type { ModuleChoice } from './module-order.js';
import { chooseModules, parseDepmodRules } from './module-order.js';

const PATHS = [
  'extra/kvm-hv.ko',
  'kernel/arch/powerpc/kvm/kvm-hv.ko.xz',
  'updates/kvm_hv.ko',
  'weak-updates/kvm-hv.ko',
];

function choose(text: string, paths: readonly string[] = PATHS): ModuleChoice[] {
  const choices: ModuleChoice[] = [];
  chooseModules(paths, parseDepmodRules(text === '' ? [] : [text]), (choice) =>
    choices.push(choice),
  );
  return choices;
}

test('without rules updates/ comes before all else', () => {
  expect(choose('').map(({ taken }) => taken)).toEqual(['updates/kvm_hv.ko']);
});

test("a distribution's order of folders is followed", () => {
  const order = 'search extra updates built-in weak-updates # comment\n';
  expect(choose(order)).toEqual([
    {
      ...{ name: 'kvm_hv', taken: 'extra/kvm-hv.ko', isRuled: true },
      others: [
        'updates/kvm_hv.ko',
        'kernel/arch/powerpc/kvm/kvm-hv.ko.xz',
        'weak-updates/kvm-hv.ko',
      ],
    },
  ]);
});

test('an override comes before the order', () => {
  expect(choose('override kvm-hv * weak-updates\nsearch updates')[0]?.taken).toBe(
    'weak-updates/kvm-hv.ko',
  );
});

test('of two that nothing prefers the first path is taken, and that is said', () => {
  expect(choose('', ['kernel/b/kvm.ko', 'kernel/a/kvm.ko'])).toEqual([
    { name: 'kvm', taken: 'kernel/a/kvm.ko', others: ['kernel/b/kvm.ko'], isRuled: false },
  ]);
});
