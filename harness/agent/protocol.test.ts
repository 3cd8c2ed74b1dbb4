import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import * as protocol from './protocol.js';

/** What the agent's side defines: names without PROTOCOL_, numbers and texts. */
function readHeader(): Map<string, number | string> {
  const text = readFileSync(repositoryPath('fixtures/guest/protocol.h'), 'utf8');
  const defines = text.matchAll(/^#define PROTOCOL_(\w+)[ \t]+("[^"]*"|\w+)/gm);
  return new Map(
    [...defines].map(([, name = '', value = '']) => [
      name,
      value.startsWith('"') ? value.slice(1, -1) : Number(value),
    ]),
  );
}

/** What the agent alone must know: its own tables and patience. */
const OF_THE_AGENT = [
  ...['STALL_MS', 'STDIO_STALL_MS', 'VM_MAX', 'VCPU_MAX'],
  ...['ROUNDS_MAX', 'PUT_MS', 'FILE_MAX'],
];

test("both sides of the channel have the same constants and request numbers, and the client's side lacks none", () => {
  const header = readHeader();
  for (const name of OF_THE_AGENT) expect(header.delete(name), name).toBe(true);
  const { RequestType, ...constants } = protocol;
  const ours = new Map<string, number | string>([
    ...Object.entries(constants).map(
      ([name, value]) => [name.replace('PROTOCOL_', ''), value] as const,
    ),
    ...Object.entries(RequestType),
  ]);
  const sorted = (map: ReadonlyMap<string, number | string>): unknown =>
    Object.fromEntries([...map].sort());
  expect(sorted(ours)).toEqual(sorted(header));
});

test('every define of the header was understood', () => {
  const text = readFileSync(repositoryPath('fixtures/guest/protocol.h'), 'utf8');
  const names = [...text.matchAll(/^#define PROTOCOL_(?!H$)(\w+)/gm)].map(([, name]) => name);
  expect([...readHeader().keys()]).toEqual(names);
  expect([...readHeader().values()]).not.toContain(NaN);
});

test('no two requests share a number', () => {
  const numbers = Object.values(protocol.RequestType);
  expect(new Set(numbers).size).toBe(numbers.length);
});
