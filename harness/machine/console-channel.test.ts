import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { ConsoleChannel } from './console-channel.js';

/** A channel, what it gives, and what it says to the machine. */
function setUp(): { channel: ConsoleChannel; heard: Buffer[]; input: PassThrough } {
  const input = new PassThrough();
  const channel = new ConsoleChannel(input);
  const heard: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => heard.push(chunk));
  return { channel, heard, input };
}

/** Every byte as the machine hears it. */
async function coded(bytes: Buffer): Promise<Buffer> {
  const { channel, input } = setUp();
  await new Promise((done) => channel.write(bytes, done));
  return input.read() as Buffer;
}

test('every byte comes back, and on its way none is ASCII', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const onTheWay = await coded(bytes);
  expect([...onTheWay].filter((byte) => byte < 0x80)).toEqual([]);
  const { channel, heard } = setUp();
  expect(channel.hear(onTheWay).toString()).toBe('');
  await new Promise(setImmediate);
  expect(Buffer.concat(heard)).toEqual(bytes);
});

test("the kernel's words between two bytes, and between a byte's halves, are the console's", async () => {
  const [high = 0, low = 0, ...rest] = await coded(Buffer.from('KV'));
  const { channel, heard } = setUp();
  expect(channel.hear(Buffer.from([high])).toString()).toBe('');
  const output = Buffer.concat([Buffer.from('Oops: a\r\n'), Buffer.from([low, ...rest])]);
  expect(channel.hear(output).toString()).toBe('Oops: a\r\n');
  await new Promise(setImmediate);
  expect(Buffer.concat(heard).toString()).toBe('KV');
});

test('half a byte alone is dropped', async () => {
  const [, low = 0] = await coded(Buffer.from('K'));
  const { channel, heard } = setUp();
  channel.hear(Buffer.concat([Buffer.from([low, low]), await coded(Buffer.from('V'))]));
  await new Promise(setImmediate);
  expect(Buffer.concat(heard).toString()).toBe('V');
});
