import { expect, test } from '@playwright/test';
import { VmType } from '../../agent/kvm-host.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import type { VmmAnswer } from '../../record/migration-answer.js';
import type { Behaviours } from '../testing/simulated-vcpu.js';
import { allPlain, simulatedHost } from '../testing/simulated-vcpu.js';
import { askKnownRegisters } from './known-registers.js';
import type { PlayedVmm, VmmPut } from './played-vmm.js';
import { restoreAs } from './played-vmm.js';
import { saveGuest } from './save-guest.js';

const OPTIONS = {
  ...{ vmType: VmType.HV, isPapr: true, byteOrder: 'little' as const },
  capabilities: { oneReg: true, hior: true },
};

/** A VMM that puts these registers of a guest, those of a group until one is refused. */
const vmmOf = (...names: (string | readonly [string, string])[]): PlayedVmm => ({
  name: 'a VMM',
  puts: (saved) =>
    names.map((it): VmmPut => {
      const [name, group] = typeof it === 'string' ? [it, undefined] : it;
      return { name, group, value: saved.get(name) ?? 0n };
    }),
});

/** Puts of `refusing` are refused on the vCPU that a guest is restored on, and nowhere else. */
async function restored(vmm: PlayedVmm, ...refusing: string[]): Promise<VmmAnswer> {
  let isRestoring = false;
  const refuse = (): number => (isRestoring ? -22 : 0);
  const behaviours: Behaviours = {
    ...allPlain(),
    ...Object.fromEntries(refusing.map((name) => [name, { putError: refuse }])),
  };
  const { agent } = simulatedHost(behaviours);
  const facts = await readRegisterFacts();
  const known = await askKnownRegisters(agent, facts, OPTIONS);
  const saved = await saveGuest(agent, known, facts, OPTIONS);
  isRestoring = true;
  return restoreAs(vmm, agent, saved, known, facts, OPTIONS);
}

const lossOf = ({ lost }: VmmAnswer, name: string): string | undefined =>
  lost.find(({ register }) => register === name)?.how;

test('what a VMM puts is kept, what it does not put is lost as not put', async () => {
  const answer = await restored(vmmOf('DSCR', 'TAR'));
  expect([answer.name, answer.kept, answer.refused]).toEqual(['a VMM', 2, []]);
  expect(['DSCR', 'TAR', 'DAR'].map((name) => lossOf(answer, name))).toEqual([
    ...[undefined, undefined, 'not-put'],
  ]);
  expect(answer.lost.find(({ register }) => register === 'DAR')).toMatchObject({
    restored: '0x0000000000000000',
  });
});

test('a refusal is named, and lost as refused; the puts after it are made', async () => {
  const answer = await restored(vmmOf('DSCR', 'TAR', 'DAR'), 'TAR');
  expect(answer.refused).toEqual(['TAR']);
  expect(['DSCR', 'TAR', 'DAR'].map((name) => lossOf(answer, name))).toEqual([
    ...[undefined, 'refused', undefined],
  ]);
});

test('the first refusal of a group ends it: nothing of what would have come after is there', async () => {
  const group = (name: string): readonly [string, string] => [name, 'vector'];
  const answer = await restored(
    vmmOf(group('VR0'), group('VR1'), group('VR2'), 'DSCR', group('VR3')),
    ...['VR1', 'VR3'],
  );
  expect(answer.refused).toEqual(['VR1']);
  expect(['VR0', 'VR1', 'VR2', 'VR3', 'DSCR'].map((name) => lossOf(answer, name))).toEqual([
    ...[undefined, 'refused', 'not-put', 'not-put', undefined],
  ]);
});
