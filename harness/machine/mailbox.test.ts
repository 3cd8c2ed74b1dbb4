import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import {
  PROTOCOL_MAILBOX_ANSWERED,
  PROTOCOL_MAILBOX_ASKED,
  PROTOCOL_MAILBOX_HEARD,
  PROTOCOL_MAILBOX_OBEYED,
  PROTOCOL_MAILBOX_RING_SIZE,
  PROTOCOL_MAILBOX_SIZE,
  PROTOCOL_MAILBOX_TO_AGENT,
  PROTOCOL_MAILBOX_TO_HARNESS,
} from '../agent/protocol.js';
import { Mailbox } from './mailbox.js';

/** Memory with a mailbox in it, and the agent's end of it. */
class Memory {
  readonly bytes = Buffer.alloc(PROTOCOL_MAILBOX_SIZE);
  readonly base = 0;
  isClosed = false;
  readonly read = (offset: number, bytes: Buffer): void => {
    this.bytes.copy(bytes, 0, offset);
  };
  readonly write = (offset: number, bytes: Buffer): void => {
    bytes.copy(this.bytes, offset);
  };
  readonly close = (): void => {
    this.isClosed = true;
  };

  /** What the agent does at its start; later counts are those of a machine that ran for a while. */
  begin(count = 0): this {
    for (const at of [PROTOCOL_MAILBOX_ASKED, PROTOCOL_MAILBOX_OBEYED]) this.setCount(at, count);
    for (const at of [PROTOCOL_MAILBOX_ANSWERED, PROTOCOL_MAILBOX_HEARD]) this.setCount(at, count);
    return this;
  }

  setCount(at: number, count: number): void {
    this.bytes.writeUInt32LE(count >>> 0, at);
    this.bytes.writeUInt32LE(~count >>> 0, at + 4);
  }

  count(at: number): number {
    return this.bytes.readUInt32LE(at);
  }
}

/** The next bytes that a mailbox gives. */
async function heard(mailbox: Mailbox): Promise<string> {
  const [chunk] = (await once(mailbox, 'data')) as [Buffer];
  return chunk.toString();
}

test('what the harness writes stands in the ring before its count says so, and waits for the agent', () => {
  const memory = new Memory();
  const mailbox = new Mailbox();
  mailbox.write('ask');
  mailbox.open(memory);
  expect(memory.count(PROTOCOL_MAILBOX_ASKED)).toBe(0);
  memory.begin();
  mailbox.ring();
  expect(memory.count(PROTOCOL_MAILBOX_ASKED)).toBe(3);
  expect(memory.bytes.toString('latin1', PROTOCOL_MAILBOX_TO_AGENT).slice(0, 4)).toBe('ask\0');
  mailbox.destroy();
  expect(memory.isClosed).toBe(true);
});

test("a restored machine's mailbox goes on from the counts that it was saved with, over the ring's end", async () => {
  const count = 2 ** 32 - 2;
  const memory = new Memory().begin(count);
  const mailbox = new Mailbox();
  mailbox.open(memory);
  const end = PROTOCOL_MAILBOX_TO_HARNESS + PROTOCOL_MAILBOX_RING_SIZE;
  memory.bytes.write('an', end - 2);
  memory.bytes.write('swer', PROTOCOL_MAILBOX_TO_HARNESS);
  memory.setCount(PROTOCOL_MAILBOX_ANSWERED, count + 6);
  mailbox.ring();
  expect(await heard(mailbox)).toBe('answer');
  expect(memory.count(PROTOCOL_MAILBOX_HEARD)).toBe(4);
  mailbox.destroy();
});

test('a count that is being written is not taken', async () => {
  const memory = new Memory().begin();
  const mailbox = new Mailbox();
  mailbox.open(memory);
  memory.bytes.write('x', PROTOCOL_MAILBOX_TO_HARNESS);
  memory.bytes.writeUInt32LE(1, PROTOCOL_MAILBOX_ANSWERED);
  mailbox.ring();
  expect(memory.count(PROTOCOL_MAILBOX_HEARD)).toBe(0);
  memory.setCount(PROTOCOL_MAILBOX_ANSWERED, 1);
  expect(await heard(mailbox)).toBe('x');
  mailbox.destroy();
});

test('more than the ring holds goes in as the agent takes it', async () => {
  const memory = new Memory().begin();
  const mailbox = new Mailbox();
  mailbox.open(memory);
  const written = new Promise<void>((resolve) => {
    mailbox.write(Buffer.alloc(PROTOCOL_MAILBOX_RING_SIZE + 5, 'y'), () => {
      resolve();
    });
  });
  expect(memory.count(PROTOCOL_MAILBOX_ASKED)).toBe(PROTOCOL_MAILBOX_RING_SIZE);
  memory.setCount(PROTOCOL_MAILBOX_OBEYED, 100);
  await written;
  expect(memory.count(PROTOCOL_MAILBOX_ASKED)).toBe(PROTOCOL_MAILBOX_RING_SIZE + 5);
  mailbox.destroy();
});
