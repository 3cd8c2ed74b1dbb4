import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { formatRecord } from './format-record.js';
import { parseRecord } from './parse-record.js';
import { anyRecord, NAMES, record, row } from './record.fixture.js';

test('a record is written with one line for each register', () => {
  const text = formatRecord(
    record({}, { LPCR: row('masked', { note: 'rounds up' }), DABR: row('absent') }),
    NAMES,
  );
  expect(text).toBe(`{
  "format": 1,
  "cell": {
    "kernel": "debian-6.1",
    "platform": "powernv9"
  },
  "kernel": {
    "release": "6.1.0-50-powerpc64le",
    "version": "#1 SMP Debian 6.1.176-1",
    "package": {
      "name": "linux-image-6.1.0-50-powerpc64le",
      "version": "6.1.176-1"
    },
    "sha256": "${'a'.repeat(64)}",
    "byteOrder": "little",
    "pageSize": 65536
  },
  "machine": {
    "qemu": "7.2.22",
    "machine": "powernv9",
    "cpu": "POWER9",
    "accelerator": "tcg"
  },
  "kvm": {
    "flavour": "HV",
    "capabilities": {
      "KVM_CAP_ONE_REG": 1,
      "KVM_CAP_PPC_HIOR": 1
    }
  },
  "harness": {
    "version": "0.1.0",
    "commit": null
  },
  "timings": {
    "bootMs": 1600,
    "registersMs": 100
  },
  "registers": {
    "DABR": {"id":"0x1030000000000001","size":64,"spr":null,"group":"debug","support":"absent","get":"EINVAL","put":"EINVAL","reset":null,"writable":null,"refused":[]},
    "LPCR": {"id":"0x1030000000000001","size":64,"spr":null,"group":"debug","support":"masked","get":"ok","put":"ok","reset":"0x0000000000000000","writable":"0x3333333333333333","refused":[],"note":"rounds up"}
  }
}
`);
});

test('a record without registers is still JSON', () => {
  expect(parseRecord(formatRecord(record({}, {})), 'x')).toEqual(record({}, {}));
});

test('registers that the table does not have come last', () => {
  const text = formatRecord(record({}, { ZZZ: row('exact'), LPCR: row('exact') }), NAMES);
  expect(text.indexOf('LPCR')).toBeLessThan(text.indexOf('ZZZ'));
});

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(anyRecord, (valid) => {
      expect(parseRecord(formatRecord(valid, NAMES), 'x', NAMES)).toEqual(valid);
    }),
  );
});

test('the text does not depend on the order of keys', () => {
  fc.assert(
    fc.property(anyRecord, (valid) => {
      expect(formatRecord(reversed(valid), NAMES)).toBe(formatRecord(valid, NAMES));
    }),
  );
});

/** The same data with the keys of every object but `timings` the other way round. */
function reversed<T>(data: T): T {
  if (Array.isArray(data)) return data.map(reversed) as T;
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data)
    .reverse()
    .map(([key, value]): [string, unknown] => [key, key === 'timings' ? value : reversed(value)]);
  return Object.fromEntries(entries) as T;
}
