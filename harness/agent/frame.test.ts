import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { errorOf } from '../base/testing/errors.js';
import type { Frame } from './frame.js';
import { encodeFrame, FrameReader } from './frame.js';
import { PROTOCOL_HEADER_SIZE, PROTOCOL_PAYLOAD_MAX } from './protocol.js';

const frame = (text = 'payload'): Frame => ({
  type: 7,
  sequence: 0x1234,
  payload: Buffer.from(text),
});

const framesIn = (bytes: Buffer): Frame[] => [...new FrameReader().add(bytes)];

const arbitraryFrame: fc.Arbitrary<Frame> = fc.record({
  type: fc.nat(0xffff),
  sequence: fc.nat(0xffff),
  payload: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
});

test('a frame is magic, length, type, sequence, checksum and payload, little endian', () => {
  // The CRC-32 is that of length, type, sequence and payload: of 03000000 0700 3412 616263.
  expect(encodeFrame(frame('abc')).toString('hex')).toBe(
    '5350524d' + '03000000' + '0700' + '3412' + 'e1f01653' + '616263',
  );
});

test('frames come back whole, in order, however the stream is cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(arbitraryFrame, { maxLength: 8 }), cuts, (frames, sizes) => {
      const bytes = Buffer.concat(frames.map(encodeFrame));
      const reader = new FrameReader();
      const found: Frame[] = [];
      for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
        const size = sizes[cut % sizes.length] ?? 1;
        found.push(...reader.add(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(frames);
    }),
  );
});

test('a frame is there with its last byte, not before', () => {
  const bytes = encodeFrame(frame());
  const reader = new FrameReader();
  expect([...reader.add(bytes.subarray(0, -1))]).toEqual([]);
  expect([...reader.add(Buffer.alloc(0))]).toEqual([]);
  expect([...reader.add(bytes.subarray(-1))]).toEqual([frame()]);
});

test('the largest payload goes through, one byte more does not', () => {
  const largest = { ...frame(), payload: Buffer.alloc(PROTOCOL_PAYLOAD_MAX, 0x5a) };
  const [found] = framesIn(encodeFrame(largest));
  expect(found?.payload.equals(largest.payload)).toBe(true);
  const error = errorOf(() =>
    encodeFrame({ ...largest, payload: Buffer.alloc(PROTOCOL_PAYLOAD_MAX + 1) }),
  );
  expect([error.code, error.message]).toEqual([
    'FRAME_OVERSIZE',
    'agent channel: payload of 4194305 bytes is over the limit of 4194304 bytes',
  ]);
});

test('bytes that begin no frame are reported with the first of them', () => {
  const error = errorOf(() => framesIn(Buffer.from('login: somebody?')));
  expect([error.code, error.message]).toEqual([
    'FRAME_GARBAGE',
    'agent channel: bytes 6c6f6769 does not begin a frame',
  ]);
});

test('a length over the limit is refused by its header, without waiting for the payload', () => {
  const header = encodeFrame(frame()).subarray(0, PROTOCOL_HEADER_SIZE);
  header.writeUInt32LE(0xffffffff, 4);
  const error = errorOf(() => framesIn(header));
  expect([error.code, error.message]).toEqual([
    'FRAME_OVERSIZE',
    'agent channel: payload of 4294967295 bytes is over the limit of 4194304 bytes',
  ]);
});

test('a frame of which any bit has changed is never taken for a frame', () => {
  const bytes = encodeFrame(frame());
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const broken = Buffer.from(bytes);
      broken.writeUInt8(broken.readUInt8(at) ^ (1 << bit), at);
      const read = (): Frame[] => framesIn(broken);
      // A length that grew within the limit waits for bytes; everything else is an error.
      const isLonger = at >= 4 && at < 8 && broken.readUInt32LE(4) > frame().payload.length;
      if (isLonger && broken.readUInt32LE(4) <= PROTOCOL_PAYLOAD_MAX) expect(read()).toEqual([]);
      else expect(errorOf(read).code).toMatch(/^FRAME_(GARBAGE|OVERSIZE|CORRUPT)$/);
    }),
  );
});

test('a frame that fails its checksum is reported with its type', () => {
  const broken = encodeFrame(frame());
  broken.writeUInt8(0, broken.length - 1);
  const error = errorOf(() => framesIn(broken));
  expect([error.code, error.message]).toEqual([
    'FRAME_CORRUPT',
    'agent channel: frame of type 7 fails its checksum',
  ]);
});
