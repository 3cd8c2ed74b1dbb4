import { Duplex, PassThrough } from 'node:stream';
import type { Frame } from '../frame.js';
import { encodeFrame, FrameReader } from '../frame.js';
import { encode } from '../layouts.js';
import { PROTOCOL_ANSWER, PROTOCOL_ERROR } from '../protocol.js';

/** The far end of a channel: what a test lets the agent say. */
export interface FakeAgent {
  /** The near end, for an `AgentChannel`. */
  readonly stream: Duplex;
  /** Every request so far. */
  readonly requests: readonly Frame[];
  /** Sends bytes as they are. */
  sendBytes(bytes: Uint8Array): void;
  send(frame: Frame): void;
  /** Answers a request. */
  answer(request: Frame, payload?: Buffer): void;
  /** Refuses a request, or with no request says that something was unreadable. */
  refuse(request: Frame | undefined, errno: number, text: string): void;
}

/** An agent over a pair of streams that hands each request to `onRequest`. */
export function fakeAgent(
  onRequest: (request: Frame, agent: FakeAgent) => void = () => undefined,
): FakeAgent {
  const toAgent = new PassThrough();
  const toHarness = new PassThrough();
  const reader = new FrameReader();
  const requests: Frame[] = [];
  const agent: FakeAgent = {
    stream: Duplex.from({ readable: toHarness, writable: toAgent }),
    requests,
    sendBytes: (bytes) => void toHarness.write(bytes),
    send: (frame) => void toHarness.write(encodeFrame(frame)),
    answer: ({ type, sequence }, payload = Buffer.alloc(0)) => {
      agent.send({ type: type | PROTOCOL_ANSWER, sequence, payload });
    },
    refuse: (request, errno, text) => {
      const payload = Buffer.concat([encode('error', { error: errno }), Buffer.from(text)]);
      agent.send({ type: PROTOCOL_ERROR, sequence: request?.sequence ?? 0, payload });
    },
  };
  toAgent.on('data', (chunk: Buffer) => {
    for (const frame of reader.add(chunk)) {
      requests.push(frame);
      onRequest(frame, agent);
    }
  });
  return agent;
}
