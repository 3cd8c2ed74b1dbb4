import { expect, test } from '@playwright/test';
import { errorOf, rejectionOf } from '../base/testing/errors.js';
import type { Operation } from '../sync/operation.js';
import { decodeOperations, encodeOperations, PENDING } from '../sync/operation.js';
import { registerNamed } from '../sync/register-table.js';
import { AgentChannel } from './agent-channel.js';
import { Agent, parseHello } from './agent.js';
import type { VcpuHandle, VmHandle } from './kvm-host.js';
import { VmType } from './kvm-host.js';
import type { Frame } from './frame.js';
import { RequestType } from './protocol.js';
import type { FakeAgent } from './testing/fake-agent.js';
import { fakeAgent } from './testing/fake-agent.js';

const HELLO = {
  protocol: '1',
  sprsync: '0.1.0',
  release: '6.1.0-50-powerpc64le',
  version: '#1 SMP Debian 6.1.176-1 (a=b)',
  machine: 'ppc64le',
  'byte-order': 'little',
  'page-size': '65536',
  uptime: '1234',
};

const helloOf = (fields: Readonly<Record<string, string | undefined>>): Buffer =>
  Buffer.from(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value)}\n`)
      .join(''),
  );

const words = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);

/** An `Agent` whose far end answers each request with `payloadOf` it. */
function agentWith(payloadOf: (request: Frame) => Buffer): { agent: Agent; far: FakeAgent } {
  const far = fakeAgent((request, self) => {
    self.answer(request, payloadOf(request));
  });
  return { agent: new Agent(new AgentChannel(far.stream)), far };
}

const vm = 3 as VmHandle;
const vcpu = 5 as VcpuHandle;
const get = (name: string): Operation => ({
  id: registerNamed(name).id,
  direction: 'get',
  value: 0n,
  error: PENDING,
});

test('a hello says which kernel it is and how it is built', () => {
  expect(parseHello(helloOf(HELLO))).toEqual({
    release: '6.1.0-50-powerpc64le',
    version: '#1 SMP Debian 6.1.176-1 (a=b)',
    byteOrder: 'little',
    pageSize: 65536,
    uptimeMs: 1234,
  });
  expect(parseHello(helloOf({ ...HELLO, 'byte-order': 'big' })).byteOrder).toBe('big');
});

for (const key of ['protocol', 'release', 'version', 'byte-order', 'page-size', 'uptime']) {
  test(`a hello without ${key} is reported as that`, () => {
    const error = errorOf(() => parseHello(helloOf({ ...HELLO, [key]: undefined })));
    expect([error.code, error.message]).toEqual([
      'AGENT_PROTOCOL',
      `agent: hello without "${key}"`,
    ]);
  });
}

test('an agent of another protocol is reported with both versions and how to build it again', () => {
  const error = errorOf(() => parseHello(helloOf({ ...HELLO, protocol: '2' })));
  expect(error.describe()).toBe(
    'agent speaks protocol 2, the harness 1\n  hint: run `npx sprmatrix setup`',
  );
});

test('capabilities are asked by number and answered by name', async () => {
  const { agent, far } = agentWith(() => words(1, 0, -1));
  const capabilities = { KVM_CAP_ONE_REG: 70, KVM_CAP_PPC_HIOR: 67, KVM_CAP_SW_TLB: 69 };
  expect(await agent.openKvm(capabilities)).toEqual({
    KVM_CAP_ONE_REG: 1,
    KVM_CAP_PPC_HIOR: 0,
    KVM_CAP_SW_TLB: -1,
  });
  expect(far.requests[0]).toEqual(
    expect.objectContaining({ type: RequestType.KVM_OPEN, payload: words(70, 67, 69) }),
  );
});

test('VMs and vCPUs are known by the handles that the agent gives', async () => {
  const { agent, far } = agentWith(() => words(7));
  expect([await agent.createVm(VmType.HV), await agent.createVcpu(vm, 2)]).toEqual([7, 7]);
  await agent.destroyVm(vm);
  expect(far.requests.map(({ type, payload }) => [type, payload])).toEqual([
    [RequestType.VM_CREATE, words(1)],
    [RequestType.VCPU_CREATE, words(3, 2)],
    [RequestType.VM_DESTROY, words(3)],
  ]);
});

test('operations are executed on the vCPU, and come back with values and errors', async () => {
  const { agent, far } = agentWith(({ payload }) =>
    encodeOperations(
      decodeOperations(payload.subarray(8)).map((operation) => ({
        ...operation,
        value: 42n,
        error: operation.direction === 'get' ? 0 : -22,
      })),
    ),
  );
  const operations = [get('LPCR'), { ...get('DABR'), direction: 'put' as const, value: 1n }];
  expect(await agent.execute(vcpu, operations)).toEqual([
    { ...operations[0], value: 42n, error: 0 },
    { ...operations[1], value: 42n, error: -22 },
  ]);
  expect(far.requests[0]?.payload.subarray(0, 8)).toEqual(words(5, 0));
});

test('another number of answers than of operations is an error', async () => {
  const { agent } = agentWith(() => encodeOperations([get('LPCR')]));
  const error = await rejectionOf(agent.execute(vcpu, [get('LPCR'), get('DABR')]));
  expect([error.code, error.message]).toEqual([
    'AGENT_PROTOCOL',
    'agent: EXECUTE answered 1 operations to 2',
  ]);
});

test('the kernel log comes as text; powering off is sent and not waited for', async () => {
  const far = fakeAgent((request, self) => {
    if (request.type === RequestType.KERNEL_LOG) {
      self.answer(request, Buffer.from('6,1,0,-;KVM: ready\n'));
    }
  });
  const agent = new Agent(new AgentChannel(far.stream));
  expect(await agent.kernelLog()).toBe('6,1,0,-;KVM: ready\n');
  agent.powerOff();
  await agent.kernelLog();
  expect(far.requests[1]).toEqual(
    expect.objectContaining({ type: RequestType.POWER_OFF, sequence: 0 }),
  );
});

test('what was asked and answered stands in the transcript', async () => {
  const answered = { ...get('LPCR'), value: 0x1fn, error: 0 };
  const { agent } = agentWith(() => encodeOperations([answered]));
  await agent.execute(vcpu, [get('LPCR')]);
  await agent.destroyVm(vm);
  agent.powerOff();
  expect(agent.transcript.text().replaceAll(/^\+[\d.]+ /gm, '')).toBe(
    'EXECUTE: 1 calls\n  get LPCR 0x0000001f\nVM_DESTROY: 4 bytes, answered by 32\nPOWER_OFF: sent\n',
  );
});

test("a guest that ends its turn only after another request is noted as the emulator's doing", async () => {
  let late: { answer: () => void } | undefined;
  const far = fakeAgent((request, self) => {
    if (request.type === RequestType.RUN) {
      late = {
        answer: () => {
          self.answer(request, Buffer.alloc(8));
        },
      };
      return;
    }
    late?.answer();
    self.answer(request, Buffer.alloc(0));
  });
  const agent = new Agent(new AgentChannel(far.stream));
  expect((await agent.run(vcpu, 1)).errno).toBe(0);
  expect(agent.lateTurns).toMatchObject([{ request: 'RUN', nudges: 1 }]);
});
