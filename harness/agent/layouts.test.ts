import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { decode, encode, LAYOUTS, layoutSize } from './layouts.js';
import * as protocol from './protocol.js';

const HEADER = readFileSync(repositoryPath('fixtures/guest/layouts.h'), 'utf8');

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The agent's side: of each structure its name and its fields, with their sizes. */
function readHeader(): [string, [string, number][]][] {
  return [...HEADER.matchAll(/^struct layout_(\w+) \{\n([^}]*)\};/gm)].map(
    ([, name = '', body = '']) => [
      camelCase(name),
      [...body.matchAll(/^\tuint8_t (\w+)\[(\w+)\];$/gm)].map(([, field = '', size = '']) => [
        camelCase(field),
        size === 'PROTOCOL_RUN_DATA' ? protocol.PROTOCOL_RUN_DATA : Number(size),
      ]),
    ],
  );
}

test('both sides lay out every frame and payload alike, field by field', () => {
  const ours = Object.entries(LAYOUTS).map(([name, fields]) => [name, Object.entries(fields)]);
  expect(ours).toEqual(readHeader());
});

test('every line of a structure was understood', () => {
  const lines = HEADER.split('\n').filter((line) => /^\t\w.*;/.test(line) && !line.includes('"'));
  expect(readHeader().flatMap(([, fields]) => fields)).toHaveLength(lines.length);
  expect(HEADER.match(/^struct /gm)).toHaveLength(readHeader().length);
});

test('a request has a layout, but for those that carry nothing of a fixed size', () => {
  const nothing = [
    ...['HELLO', 'KVM_OPEN', 'KERNEL_LOG', 'POWER_OFF', 'READ_FILE', 'SHRINK_SLABS'],
  ];
  const names = Object.keys(protocol.RequestType).filter((name) => !nothing.includes(name));
  expect(names.map((name) => camelCase(name.toLowerCase())).filter((n) => !(n in LAYOUTS))).toEqual(
    [],
  );
});

test('a layout is little endian and has no gaps; what it calls zero is zero', () => {
  const bytes = encode('hostileCallsEach', {
    ...{ id: 0x1122n, value: (0x33n << 64n) | 0x44n, isPut: 1, valueAt: 2, argumentAt: 3 },
  });
  expect(bytes.toString('hex')).toBe(
    ['2211000000000000', '44000000000000003300000000000000', '010203', '0000000000'].join(''),
  );
  expect(layoutSize('hostileCallsEach')).toBe(32);
  expect(decode('hostileCallsEach', Buffer.concat([Buffer.alloc(3), bytes]), 3)).toMatchObject({
    ...{ id: 0x1122n, value: (0x33n << 64n) | 0x44n, isPut: 1, valueAt: 2, argumentAt: 3 },
  });
});

test('bytes stay bytes; what does not fit, or is not there, is an error', () => {
  const data = Buffer.alloc(protocol.PROTOCOL_RUN_DATA, 7);
  const answer = encode('runAnswer', { error: 4, reason: 19, data });
  expect(decode('runAnswer', answer).data).toEqual(data);
  expect(() => decode('runAnswer', answer.subarray(0, 7))).toThrow(RangeError);
  expect(() => encode('vmCreate', { type: 2 ** 32 })).toThrow(RangeError);
});
