import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SprmatrixError } from '../base/error.js';
import { repositoryPath } from '../base/paths.js';
import { SUPPORTS } from './cell-record.js';
import { formatRecord } from './format-record.js';
import { parseRecord, validateRecord } from './parse-record.js';
import { anyRecord, errorOf, NAMES, record, row } from './record.fixture.js';
import { hasWordsFor } from '../data/schema-faults.js';

const PATH = 'out/records/debian-6.1/powernv9.json';

/** The message for a valid record after `spoil` had its way with a copy of it. */
function messageAfter(spoil: (copy: Record<string, unknown>) => void): string {
  const copy = structuredClone(record()) as unknown as Record<string, unknown>;
  spoil(copy);
  return errorOf(() => validateRecord(copy, PATH, NAMES)).message;
}

/** Sets a field that lies deep in `data`, or removes it when `value` is undefined. */
function set(data: Record<string, unknown>, path: string, value?: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let target = data;
  for (const part of parts) target = target[part] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
}

const FAULTS: readonly (readonly [path: string, value: unknown, message: string])[] = [
  ['format', 2, 'format: 2 is not allowed; it must be 1'],
  ['kvm', undefined, 'the record: "kvm" is missing'],
  ['colour', 'red', 'the record: "colour" is no known field; allowed: '],
  [
    'cell.kernel',
    '../../etc',
    'cell.kernel: "../../etc" is not allowed; it must be a name of letters, digits, ".", "_", "+" and "-"',
  ],
  ['kernel.pageSize', 512, 'kernel.pageSize: 512 must be >= 4096'],
  ['kernel.package.name', 7, 'kernel.package.name: 7 is not allowed; it must be a string'],
  ['kernel.package.version', undefined, 'kernel.package: "version" is missing'],
  ['kernel.package', 7, 'kernel.package: 7 is not allowed; it must be null or an object'],
  [
    'kernel.byteOrder',
    'litle',
    'kernel.byteOrder: "litle" is not allowed; allowed: little, big (nearest first)',
  ],
  [
    'registers.LPCR.support',
    'exakt',
    'register LPCR: support: "exakt" is not allowed; allowed: exact, ',
  ],
  [
    'registers.LPCR.get',
    'no',
    'register LPCR: get: "no" is not allowed; it must be null, "ok" or an errno name such as EINVAL',
  ],
  [
    'registers.LPCR.put',
    {},
    'register LPCR: put: {} is not allowed; it must be null, "ok" or a string',
  ],
  [
    'registers.LPCR.writable',
    '0xFF',
    'register LPCR: writable: "0xFF" is not allowed; it must be null or a lower-case hex value of 8, 16 or 32 digits such as "0x0000002a"',
  ],
  [
    'registers.LPCR.suport',
    'exact',
    'register LPCR: "suport" is no known field; allowed: support, ',
  ],
  ['registers.LPCR.reset', undefined, 'register LPCR: "reset" is missing'],
  [
    'registers.LPCR.refused',
    [{ errno: 5, value: '0x00000000', bits: '0x00000000' }],
    'register LPCR: refused[0].errno: 5 is not allowed; it must be a string',
  ],
  [
    'registers.lpcr',
    row('exact'),
    'registers: "lpcr" is not allowed as a name; it must be an upper-case register name such as LPCR',
  ],
  ['registers.LPCR', undefined, 'register LPCR: missing; a record has all 3 registers'],
  [
    'registers.LPCRR',
    row('exact'),
    'register LPCRR: no such register (nearest first: LPCR, DSCR, DABR)',
  ],
  [
    'registers.LPCR.put',
    'EPERM',
    'register LPCR: put: "EPERM", but support is exact; it must be ok',
  ],
];

for (const [path, value, message] of FAULTS) {
  const spoilt = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
  test(`a record with ${path} ${spoilt} is refused in words`, () => {
    const found = messageAfter((copy) => {
      set(copy, path, value);
    });
    const whole = `${PATH}: not a valid record: ${message}`;
    if (message.endsWith('allowed: ') || message.endsWith(', ')) {
      expect(found.startsWith(whole), found).toBe(true);
      expect(found.endsWith(' (nearest first)'), found).toBe(true);
    } else {
      expect(found).toBe(whole);
    }
  });
}

test('a record with many faults shows the first ten and counts the rest', () => {
  const names = Array.from({ length: 14 }, (_, index) => `REG${index}`);
  const registers = Object.fromEntries(names.map((name) => [name, row('exact', { put: 'EPERM' })]));
  const error = errorOf(() => validateRecord(record({}, registers), PATH));
  expect(error.code).toBe('RECORD_INVALID');
  expect(error.message).toBe(
    `${PATH}: not a valid record: register REG0: put: "EPERM", but support is exact; it must be ok (and 13 more)`,
  );
  expect(error.evidence).toEqual([
    ...names
      .slice(0, 10)
      .map((name) => `register ${name}: put: "EPERM", but support is exact; it must be ok`),
    'and 4 more',
  ]);
});

test('a fault of a hostile register name is quoted and cut', () => {
  const name = `A\n${'x'.repeat(100)}`;
  const error = errorOf(() => validateRecord(record({}, { [name]: row('exact') }), PATH));
  expect(error.message).toBe(
    `${PATH}: not a valid record: registers: ${JSON.stringify(name).slice(0, 57)}... is not allowed as a name; it must be an upper-case register name such as LPCR`,
  );
});

test('a fault under a hostile key is quoted, so that it stays one line', () => {
  const spoilt = { ...record(), timings: { 'a\nb': 'soon' } };
  const error = errorOf(() => validateRecord(spoilt, PATH));
  expect(error.message).toBe(
    `${PATH}: not a valid record: timings["a\\nb"]: "soon" is not allowed; it must be a number`,
  );
});

test('a record without harness and timings, as baselines are, is valid', () => {
  const { harness, timings, ...baseline } = record();
  expect([harness, timings]).not.toContain(undefined);
  expect(validateRecord(baseline, PATH, NAMES)).toBe(baseline);
});

test('any valid record is accepted', () => {
  fc.assert(
    fc.property(anyRecord, (valid) => {
      expect(parseRecord(formatRecord(valid, NAMES), PATH, NAMES)).toEqual(valid);
    }),
  );
});

test('whatever the JSON, the outcome is a record or RECORD_INVALID', () => {
  const nearlyRecord = fc
    .tuple(
      anyRecord,
      fc.constantFrom('cell', 'kernel', 'kvm', 'registers', '__proto__'),
      fc.jsonValue(),
    )
    .map(([valid, key, junk]) => JSON.stringify({ ...valid, [key]: junk }));
  const nearlyRow = fc
    .tuple(fc.constantFrom('LPCR', '__proto__', 'constructor'), fc.jsonValue(), fc.jsonValue())
    .map(([name, junk, field]) =>
      JSON.stringify(record()).replace(
        '"registers":{',
        `"registers":{${JSON.stringify(name)}:${JSON.stringify(junk)},"X":${JSON.stringify({ ...row('exact'), refused: field })},`,
      ),
    );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), nearlyRecord, nearlyRow), (text) => {
      try {
        parseRecord(text, PATH, NAMES);
      } catch (error) {
        expect(error).toBeInstanceOf(SprmatrixError);
        expect(error).toMatchObject({ code: 'RECORD_INVALID' });
        expect((error as SprmatrixError).message).not.toContain('no reason known');
      }
    }),
    { numRuns: 500 },
  );
});

/** Every value of a key, anywhere in a JSON document. */
function valuesOf(key: string, data: unknown): unknown[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data as Record<string, unknown>).flatMap(([name, value]) =>
    name === key ? [value] : valuesOf(key, value),
  );
}

for (const name of ['record', 'known-issues', 'registers']) {
  test(`every pattern of ${name}.schema.json is explained in words`, () => {
    const text = readFileSync(repositoryPath(`matrix/schema/${name}.schema.json`), 'utf8');
    const patterns = valuesOf('pattern', JSON.parse(text));
    expect(patterns.filter((pattern) => !hasWordsFor(String(pattern)))).toEqual([]);
    expect(patterns.length).toBeGreaterThan(0);
  });
}

test("the support values are the schema's, in its order", () => {
  const text = readFileSync(repositoryPath('matrix/schema/record.schema.json'), 'utf8');
  const schema = JSON.parse(text) as { definitions: { support: { enum: string[] } } };
  expect(schema.definitions.support.enum).toEqual([...SUPPORTS]);
});
