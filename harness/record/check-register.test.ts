import { expect, test } from '@playwright/test';
import type { RegisterRecord } from './cell-record.js';
import { SUPPORTS } from './cell-record.js';
import { checkRegister } from './check-register.js';
import { row } from './record.fixture.js';

const check = (entry: RegisterRecord): string[] =>
  checkRegister('LPCR', entry, ['LPCR', 'DSCR', 'DABR']);

for (const support of SUPPORTS) {
  for (const size of [32, 64, 128] as const) {
    test(`a ${support} row of ${size} bits that keeps the rules has no fault`, () => {
      expect(check(row(support, { size }))).toEqual([]);
    });
  }
}

const ZEROS = '0x0000000000000000';
const ONES = '0xffffffffffffffff';

const FAULTS: readonly (readonly [what: string, row: RegisterRecord, fault: string])[] = [
  [
    'an exact row whose mask is not full',
    row('exact', { writable: '0x00000000ffffffff' }),
    `writable: "0x00000000ffffffff", but support is exact; it must be every bit: ${ONES}`,
  ],
  [
    'an exact row whose put was refused',
    row('exact', { put: 'EINVAL' }),
    'put: "EINVAL", but support is exact; it must be ok',
  ],
  [
    'a lost row with a bit that follows',
    row('lost', { writable: '0x0000000000000001' }),
    `writable: "0x0000000000000001", but support is lost; it must be no bit: ${ZEROS}`,
  ],
  [
    'a masked row without a mask',
    row('masked', { writable: null }),
    'writable: null, but support is masked; it must be a value',
  ],
  [
    'a masked row with a full mask and no note',
    row('masked', { writable: ONES }),
    'writable: every bit, though support is masked; a note must say what does not follow',
  ],
  [
    'a restricted row that refused nothing',
    row('restricted', { refused: [] }),
    'refused: empty, and put is "ok"; support is restricted, so a refusal must be kept',
  ],
  [
    'an absent row that answers get',
    row('absent', { get: 'ok' }),
    'get: "ok", but support is absent; it must be an errno',
  ],
  [
    'an absent row with a fresh value',
    row('absent', { reset: ZEROS }),
    `reset: "${ZEROS}", but get is "EINVAL"; it must be null`,
  ],
  [
    'a get-only row that accepts puts',
    row('get-only', { put: 'ok' }),
    'put: "ok", but support is get-only; it must be an errno',
  ],
  [
    'a put-only row that answers get',
    row('put-only', { get: 'ok' }),
    'get: "ok", but support is put-only; it must be an errno',
  ],
  [
    'an untested row with an answer',
    row('untested', { get: 'ok' }),
    'get: "ok", but support is untested; it must be null',
  ],
  [
    'an exact row with refusals',
    row('exact', { refused: [{ errno: 'EPERM', value: ONES, bits: ONES }] }),
    `refused: [{"errno":"EPERM","value":"0xffffffffffffffff","bits":"0x..., but support is exact; it must be empty`,
  ],
  [
    'a volatile row that does not say what is known',
    row('volatile', { note: '' }),
    'note: missing; support is volatile, so it must say what is known',
  ],
  [
    'an error row that does not say what happened',
    row('error', { note: '' }),
    'note: missing; support is error, so it must say what is known',
  ],
  [
    'a value that is wider than the register',
    row('masked', { size: 32, writable: ZEROS }),
    `writable: "${ZEROS}" has 16 digits; a register of 32 bits has 8`,
  ],
  [
    'a refusal that is narrower than the register',
    row('restricted', { refused: [{ errno: 'EINVAL', value: '0x00000001', bits: ZEROS }] }),
    'refused[0].value: "0x00000001" has 8 digits; a register of 64 bits has 16',
  ],
  [
    'an id of another size',
    row('exact', { id: '0x1020000000000001' }),
    'size: 64 bits, but the id 0x1020000000000001 is that of 32 bits',
  ],
  [
    'an errno with two entries',
    row('restricted', {
      refused: [
        { errno: 'EINVAL', value: ZEROS, bits: ZEROS },
        { errno: 'EINVAL', value: ONES, bits: ONES },
      ],
    }),
    'refused: EINVAL has more than one entry; each errno has one',
  ],
  [
    'an alias that is no register',
    row('aliased', { aliases: ['DSCRR'] }),
    'aliases: "DSCRR" is no register of the record (nearest first: DSCR, DABR, LPCR)',
  ],
  [
    'an alias of itself',
    row('aliased', { aliases: ['LPCR'] }),
    'aliases: LPCR names the register itself',
  ],
];

for (const [what, entry, fault] of FAULTS) {
  test(`${what} is a fault that names the field and what must be there`, () => {
    expect(check(entry)).toEqual([fault]);
  });
}

test('an aliased row without aliases is a fault', () => {
  const { aliases, ...entry } = row('aliased');
  expect(aliases).toEqual(['DSCR']);
  expect(check(entry)).toEqual([
    'aliases: missing; support is aliased, so the other registers must be named',
  ]);
});

test('a masked row with a full mask is right when a note says what does not follow', () => {
  expect(check(row('masked', { writable: ONES, note: 'two bits exclude each other' }))).toEqual([]);
});
