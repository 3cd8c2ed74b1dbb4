import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runTool } from '../../base/tool.js';
import * as code from './instructions.js';

/** Each with its text in objdump's words; registers and offsets at the ends of their ranges. */
const INSTRUCTIONS: readonly (readonly [number, string])[] = [
  [code.b(8), 'b       0x8'],
  [code.b(-4), 'b       0x0'],
  [code.blt(-8), 'blt     0x0'],
  [code.lis(31, 0x7fff), 'lis     r31,32767'],
  [code.li(5, -1), 'li      r5,-1'],
  [code.li(5, 0x7fff), 'li      r5,32767'],
  [code.ori(3, 31, 0xffff), 'ori     r3,r31,65535'],
  [code.stw(3, -4, 9), 'stw     r3,-4(r9)'],
  [code.ld(3, 8, 22), 'ld      r3,8(r22)'],
  [code.std(31, -32768, 1), 'std     r31,-32768(r1)'],
  [code.mfspr(3, 896), 'mfppr   r3'],
  [code.mfspr(31, 1023), 'mfspr   r31,1023'],
  [code.mtspr(26, 21), 'mtsrr0  r21'],
  [code.mtspr(754, 4), 'mtspr   754,r4'],
  [code.add(3, 4, 5), 'add     r3,r4,r5'],
  [code.cmpld(8, 7), 'cmpld   r8,r7'],
  [code.bctrl(), 'bctrl'],
  [code.blr(), 'blr'],
  [code.isync(), 'isync'],
  [code.msgsndp(31), 'msgsndp r31'],
  [code.mfcr(3), 'mfcr    r3'],
  [code.mtcr(3), 'mtcr    r3'],
  [code.mtmsrd(3, 1), 'mtmsrd  r3,1'],
  [code.sc(1), 'sc      1'],
  [code.rfid(), 'rfid'],
  [code.lfd(31, 16, 22), 'lfd     f31,16(r22)'],
  [code.stfd(0, -8, 3), 'stfd    f0,-8(r3)'],
  [code.mffs(7), 'mffs    f7'],
  [code.mtfsfAll(7), 'mtfsf   0,f7,1'],
  [code.lvx(31, 0, 22), 'lvx     v31,0,r22'],
  [code.stvx(1, 22, 6), 'stvx    v1,r22,r6'],
  [code.mfvscr(2), 'mfvscr  v2'],
  [code.mtvscr(2), 'mtvscr  v2'],
  [code.lxvd2x(31, 0, 22), 'lxvd2x  vs31,0,r22'],
  [code.lxvd2x(63, 0, 22), 'lxvd2x  vs63,0,r22'],
  [code.stxvd2x(0, 22, 6), 'stxvd2x vs0,r22,r6'],
];

test('every instruction is the one that objdump reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-objdump-'));
  try {
    const file = join(folder, 'code');
    const bytes = Buffer.alloc(INSTRUCTIONS.length * 4);
    INSTRUCTIONS.forEach(([word], index) => bytes.writeUInt32LE(word, index * 4));
    await writeFile(file, bytes);
    const stdout = await runTool('powerpc64le-linux-gnu-objdump', [
      ...['-D', '-b', 'binary', '-m', 'powerpc:common64', '-M', 'power9', '-EL'],
      ...['--no-show-raw-insn', file],
    ]);
    const read = [...stdout.matchAll(/^ +[0-9a-f]+:\t(.*)$/gm)].map(([, text]) => text?.trim());
    expect(read).toEqual(INSTRUCTIONS.map(([, text]) => text));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a value that does not fit its field is refused, never cut', () => {
  expect(() => code.mfspr(3, 1024)).toThrow('SPR: 1024 does not fit 10 bits');
  expect(() => code.mtspr(1, 32)).toThrow('RT: 32 does not fit 5 bits');
  expect(() => code.li(3, 0x1_0000)).toThrow('SI: 65536 does not fit 16 bits');
  expect(() => code.li(3, -0x8001)).toThrow('SI: -32769 does not fit 16 bits');
  expect(() => code.ld(3, 2, 4)).toThrow('DS: 2 is not a multiple of 4');
  expect(() => code.b(0x200_0000)).toThrow('b: 33554432 is not a multiple of 4 below 32 MiB');
  expect(() => code.lxvd2x(64, 0, 0)).toThrow('TX: 2 does not fit 1 bits');
});
