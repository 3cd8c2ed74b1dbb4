import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { AgentChannel } from './agent-channel.js';
import type { Frame } from './frame.js';
import { encodeFrame } from './frame.js';
import { PROTOCOL_ANSWER, RequestType } from './protocol.js';
import { fakeAgent } from './testing/fake-agent.js';

const EMPTY = Buffer.alloc(0);

/** A channel whose agent answers each request with the request's own payload. */
function echoing(): AgentChannel {
  return new AgentChannel(
    fakeAgent((request, agent) => {
      agent.answer(request, request.payload);
    }).stream,
  );
}

test('a request is sent with its type and payload, and its answer comes back', async () => {
  const agent = fakeAgent((request, self) => {
    self.answer(request, Buffer.from('pong'));
  });
  const channel = new AgentChannel(agent.stream);
  expect((await channel.request('RUN', Buffer.from('ping'))).toString()).toBe('pong');
  const [request] = agent.requests;
  expect([request?.type, request?.payload.toString()]).toEqual([RequestType.RUN, 'ping']);
});

test('answers in any order find the requests that they belong to', async () => {
  const waiting: Frame[] = [];
  const agent = fakeAgent((request, self) => {
    waiting.push(request);
    if (waiting.length < 3) return;
    for (const frame of waiting.reverse()) self.answer(frame, frame.payload);
  });
  const channel = new AgentChannel(agent.stream);
  const texts = ['a', 'b', 'c'];
  const answers = texts.map(async (text) => channel.request('RUN', Buffer.from(text)));
  expect((await Promise.all(answers)).map(String)).toEqual(texts);
});

test('sequence numbers go round without ever being 0, which is the hello', async () => {
  const agent = fakeAgent((request, self) => {
    self.answer(request);
  });
  const channel = new AgentChannel(agent.stream, { firstSequence: 0xfffe });
  for (let count = 0; count < 4; count += 1) await channel.request('HELLO', EMPTY);
  expect(agent.requests.map(({ sequence }) => sequence)).toEqual([0xfffe, 0xffff, 1, 2]);
});

test('a refusal rejects its request alone, with errno and text of the guest', async () => {
  const agent = fakeAgent((request, self) => {
    if (request.type === RequestType.VM_CREATE) self.refuse(request, 22, 'KVM_CREATE_VM: no HV');
    else self.answer(request);
  });
  const channel = new AgentChannel(agent.stream);
  const error = await rejectionOf(channel.request('VM_CREATE', EMPTY));
  expect([error.code, error.message]).toEqual([
    'AGENT_REFUSED',
    'agent: VM_CREATE: KVM_CREATE_VM: no HV (errno 22)',
  ]);
  expect((await channel.request('HELLO', EMPTY)).length).toBe(0);
});

test('an agent that could not read a request fails the channel', async () => {
  const agent = fakeAgent();
  const channel = new AgentChannel(agent.stream);
  const waiting = rejectionOf(channel.request('RUN', EMPTY));
  agent.refuse(undefined, 74, 'frame checksum mismatch');
  for (const error of [await waiting, await rejectionOf(channel.request('RUN', EMPTY))]) {
    expect([error.code, error.message]).toEqual([
      'AGENT_REFUSED',
      'agent: HELLO: frame checksum mismatch (errno 74)',
    ]);
  }
});

test('the hello is the first frame, sent unasked', async () => {
  const agent = fakeAgent();
  const channel = new AgentChannel(agent.stream);
  const type = RequestType.HELLO | PROTOCOL_ANSWER;
  agent.send({ type, sequence: 0, payload: Buffer.from('protocol=1\n') });
  expect((await channel.hello).toString()).toBe('protocol=1\n');
});

test('fail() rejects everything that waits and everything later, the hello too, with its error', async () => {
  const channel = new AgentChannel(fakeAgent().stream);
  const waiting = [channel.hello, channel.request('RUN', EMPTY), channel.request('HELLO', EMPTY)];
  const reasons = Promise.allSettled(waiting);
  const death = new Error('QEMU ended');
  channel.fail(death);
  channel.fail(new Error('and what came of it'));
  expect(await reasons).toEqual(waiting.map(() => ({ status: 'rejected', reason: death })));
  await expect(channel.request('RUN', EMPTY)).rejects.toBe(death);
});

test('a hello that nobody waits for can fail without upsetting the process', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    new AgentChannel(fakeAgent().stream).fail(new Error('QEMU ended'));
    await nextTurn();
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

test('a request that is not answered is reported with its name, its budget and what was last sent', async () => {
  const channel = new AgentChannel(fakeAgent().stream);
  const error = await rejectionOf(channel.request('EXECUTE', Buffer.alloc(40), { budgetMs: 20 }));
  expect([error.code, error.message]).toEqual([
    'DEADLINE',
    'agent request EXECUTE: no answer within 20 ms (last event: sent EXECUTE (40 bytes))',
  ]);
});

test('a request can be interrupted', async () => {
  const controller = new AbortController();
  const channel = new AgentChannel(fakeAgent().stream);
  const waiting = channel.request('EXECUTE', EMPTY, { signal: controller.signal });
  controller.abort();
  const error = await rejectionOf(waiting);
  expect([error.code, error.message]).toEqual(['ABORTED', 'agent request EXECUTE: interrupted']);
});

test('what was last received is reported too', async () => {
  const channel = echoing();
  await channel.request('RUN', Buffer.alloc(8));
  expect(channel.lastEvent).toBe('received type 0x800e (8 bytes)');
});

const brokenAnswers: [string, (request: Frame) => Frame, string][] = [
  [
    'an answer of another type',
    ({ sequence }) => ({ type: 0x8001, sequence, payload: EMPTY }),
    'agent channel: answer of type 0x8001 to sequence 1, which asked RUN',
  ],
  [
    'an answer that nobody asked for',
    () => ({ type: 0x800e, sequence: 99, payload: EMPTY }),
    'agent channel: answer of type 0x800e to sequence 99, which nobody waits for',
  ],
];
for (const [what, answer, message] of brokenAnswers) {
  test(`${what} fails the channel`, async () => {
    const agent = fakeAgent((request, self) => {
      self.send(answer(request));
    });
    const error = await rejectionOf(new AgentChannel(agent.stream).request('RUN', EMPTY));
    expect([error.code, error.message]).toEqual(['AGENT_PROTOCOL', message]);
  });
}

test('garbage fails the channel, but not the answers that came before it in the same chunk', async () => {
  const agent = fakeAgent((request, self) => {
    if (self.requests.length < 2) return;
    const answer = { type: request.type | PROTOCOL_ANSWER, sequence: 1, payload: EMPTY };
    self.sendBytes(Buffer.concat([encodeFrame(answer), Buffer.from('Kernel panic - n')]));
  });
  const channel = new AgentChannel(agent.stream);
  const first = channel.request('RUN', EMPTY);
  const second = rejectionOf(channel.request('RUN', EMPTY));
  expect((await first).length).toBe(0);
  expect((await second).message).toBe('agent channel: bytes 4b65726e does not begin a frame');
});

test('a channel that breaks leaves the verdict to its owner', async () => {
  const agent = fakeAgent();
  const channel = new AgentChannel(agent.stream);
  const waiting = rejectionOf(channel.request('RUN', EMPTY, { budgetMs: 3_600_000 }));
  agent.stream.destroy(new Error('EPIPE'));
  await nextTurn();
  channel.fail(new Error('QEMU ended'));
  await expect(waiting).rejects.toThrow('QEMU ended');
});
