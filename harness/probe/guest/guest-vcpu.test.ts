import { expect, test } from '@playwright/test';
import type { GeneralRegs } from '../../agent/kvm-host.js';
import { get } from '../one-reg.js';
import { registerNamed } from '../../sync/register-table.js';
import { allPlain, simulatedHost } from '../testing/simulated-vcpu.js';
import type { GuestOptions } from './guest-vcpu.js';
import { createGuestVcpu, setEntry } from './guest-vcpu.js';

const OF_PR: GuestOptions = {
  vmType: 2,
  isPapr: false,
  byteOrder: 'little',
  hasTm: false,
  putsHior: true,
};
const KVMS_OWN = 0xfff0_0000n;

test("a guest of KVM-PR takes its interrupts at 0, and any other's HIOR is let alone", async () => {
  const { agent } = simulatedHost({ ...allPlain(), HIOR: { reset: KVMS_OWN } });
  const hiorOf = async (options: GuestOptions): Promise<bigint | undefined> => {
    const { vcpu } = await createGuestVcpu(agent, options);
    const [hior] = await agent.execute(vcpu, [get(registerNamed('HIOR'))]);
    return hior?.value;
  };
  expect(await hiorOf(OF_PR)).toBe(0n);
  expect(await hiorOf({ ...OF_PR, vmType: 1, putsHior: false })).toBe(KVMS_OWN);
});

test('a guest is entered with an r1 that is not 0, which KVM-PR would let no interrupt into', async () => {
  const { agent } = simulatedHost(allPlain());
  let entered: GeneralRegs | undefined;
  const host = new Proxy(agent, {
    get: (target, name) => {
      if (name === 'setRegs') {
        return async (_vcpu: number, regs: GeneralRegs): Promise<void> => {
          entered = regs;
          return Promise.resolve();
        };
      }
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
  const { vcpu } = await createGuestVcpu(host, OF_PR);
  await setEntry(host, vcpu, 0x1_0000n, OF_PR);
  expect(entered?.pc).toBe(0x1_0000n);
  expect(entered?.gpr[1]).not.toBe(0n);
});
