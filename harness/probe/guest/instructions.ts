/**
 * The instructions that a guest of the guest probe is made of, by name, as the 32-bit words of the
 * Power ISA (v3.0B, Book I, 1.6 "Instruction Formats"; the primary opcode is in the top six bits).
 * Bits are counted as the ISA does, 0 being the most significant.
 */

/** Number of a general register, an FPR, a VR or a VSR. */
export type RegisterNumber = number;

/** Places `value` in bits `first` to `last`. Throws `RangeError` for a value that does not fit. */
function field(name: string, value: number, first: number, last: number): number {
  const width = last - first + 1;
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** width) {
    throw new RangeError(`${name}: ${value} does not fit ${width} bits`);
  }
  return value * 2 ** (31 - last);
}

/** The word of an opcode and its fields: they never overlap, so that a sum is an OR without a sign. */
function word(opcode: number, ...fields: number[]): number {
  return fields.reduce((sum, value) => sum + value, field('opcode', opcode, 0, 5));
}

function signed16(name: string, value: number): number {
  if (value < -0x8000) throw new RangeError(`${name}: ${value} does not fit 16 bits`);
  return field(name, value < 0 ? value + 0x1_0000 : value, 16, 31);
}

/** D-form: RT, RA and a 16-bit immediate. */
function dForm(opcode: number, rt: number, ra: number, immediate: number): number {
  return word(opcode, field('RT', rt, 6, 10), field('RA', ra, 11, 15), immediate);
}

/** DS-form: D-form whose displacement counts words; XO is in its two low bits. */
function dsForm(opcode: number, rt: number, ra: number, offset: number, xo: number): number {
  if (offset % 4 !== 0) throw new RangeError(`DS: ${offset} is not a multiple of 4`);
  return dForm(opcode, rt, ra, signed16('DS', offset) + field('XO', xo, 30, 31));
}

/** X-form: RT, RA, RB. `xo` takes bit 31 with it where the ISA has a register's high bit there. */
function xForm(opcode: number, rt: number, ra: number, rb: number, xo: number): number {
  const registers = field('RT', rt, 6, 10) + field('RA', ra, 11, 15) + field('RB', rb, 16, 20);
  return word(opcode, registers, field('XO', xo, 21, 30));
}

/** XFX-form of mtspr and mfspr: the halves of the SPR's number are swapped. */
function sprForm(rt: number, spr: number, xo: number): number {
  field('SPR', spr, 11, 20);
  const low = field('spr', spr & 0x1f, 11, 15);
  const high = field('spr', spr >> 5, 16, 20);
  return word(31, field('RT', rt, 6, 10), low, high, field('XO', xo, 21, 30));
}

/** XX1-form: like X-form, with six bits for the VSR. */
function xx1Form(xt: number, ra: number, rb: number, xo: number): number {
  return xForm(31, xt % 32, ra, rb, xo) + field('TX', Math.floor(xt / 32), 31, 31);
}

export const lis = (rt: RegisterNumber, value: number): number =>
  dForm(15, rt, 0, field('UI', value, 16, 31));
export const li = (rt: RegisterNumber, value: number): number =>
  dForm(14, rt, 0, signed16('SI', value));
export const ori = (ra: RegisterNumber, rs: RegisterNumber, value: number): number =>
  dForm(24, rs, ra, field('UI', value, 16, 31));
export const stw = (rs: RegisterNumber, offset: number, ra: RegisterNumber): number =>
  dForm(36, rs, ra, signed16('D', offset));
export const ld = (rt: RegisterNumber, offset: number, ra: RegisterNumber): number =>
  dsForm(58, rt, ra, offset, 0);
export const std = (rs: RegisterNumber, offset: number, ra: RegisterNumber): number =>
  dsForm(62, rs, ra, offset, 0);
export const mfspr = (rt: RegisterNumber, spr: number): number => sprForm(rt, spr, 339);
export const mtspr = (spr: number, rs: RegisterNumber): number => sprForm(rs, spr, 467);

export const add = (rt: RegisterNumber, ra: RegisterNumber, rb: RegisterNumber): number =>
  xForm(31, rt, ra, rb, 266);
/** Compares unsigned doublewords into CR0. */
export const cmpld = (ra: RegisterNumber, rb: RegisterNumber): number => xForm(31, 1, ra, rb, 32);
/** B-form: branches `offset` bytes when CR0[LT] is set. */
export const blt = (offset: number): number =>
  word(16, field('BO', 12, 6, 10), field('BI', 0, 11, 15), signed16('BD', offset));
/** Branches to CTR, and notes where from in LR. */
export const bctrl = (): number => xForm(19, 20, 0, 0, 528) + 1;
export const blr = (): number => xForm(19, 20, 0, 0, 16);
export const isync = (): number => xForm(19, 0, 0, 0, 150);
/** Sends a doorbell to a thread of the same core: type 5 in bits 32:36, the thread in 57:63. */
export const msgsndp = (rb: RegisterNumber): number => xForm(31, 0, 0, rb, 142);
export const mfcr = (rt: RegisterNumber): number => xForm(31, rt, 0, 0, 19);
/** All eight fields. */
export const mtcr = (rs: RegisterNumber): number =>
  word(31, field('RS', rs, 6, 10), field('FXM', 0xff, 12, 19), field('XO', 144, 21, 30));
/** With L=1: EE and RI alone. */
export const mtmsrd = (rs: RegisterNumber, l: number): number => xForm(31, rs, l, 0, 178);

/** `offset` bytes from the instruction itself. */
export function b(offset: number): number {
  if (offset % 4 !== 0 || Math.abs(offset) >= 0x200_0000) {
    throw new RangeError(`b: ${offset} is not a multiple of 4 below 32 MiB`);
  }
  return word(18, field('LI', offset < 0 ? offset + 0x400_0000 : offset, 6, 31));
}

/** System call; level 1 is a hypercall. */
export const sc = (level: number): number =>
  word(17, field('LEV', level, 20, 26), field('1', 1, 30, 30));
export const rfid = (): number => xForm(19, 0, 0, 0, 18);

export const lfd = (frt: RegisterNumber, offset: number, ra: RegisterNumber): number =>
  dForm(50, frt, ra, signed16('D', offset));
export const stfd = (frs: RegisterNumber, offset: number, ra: RegisterNumber): number =>
  dForm(54, frs, ra, signed16('D', offset));
export const mffs = (frt: RegisterNumber): number => xForm(63, frt, 0, 0, 583);
/** XFL-form with L=1: all of the FPR into all of the FPSCR (`mtfsf 0,frb,1,0`). */
export const mtfsfAll = (frb: RegisterNumber): number =>
  word(63, field('L', 1, 6, 6), field('FRB', frb, 16, 20), field('XO', 711, 21, 30));

export const lvx = (vrt: RegisterNumber, ra: RegisterNumber, rb: RegisterNumber): number =>
  xForm(31, vrt, ra, rb, 103);
export const stvx = (vrs: RegisterNumber, ra: RegisterNumber, rb: RegisterNumber): number =>
  xForm(31, vrs, ra, rb, 231);
/** VX-form. */
export const mfvscr = (vrt: RegisterNumber): number =>
  word(4, field('VRT', vrt, 6, 10), field('XO', 1540, 21, 31));
export const mtvscr = (vrb: RegisterNumber): number =>
  word(4, field('VRB', vrb, 16, 20), field('XO', 1604, 21, 31));
export const lxvd2x = (xt: RegisterNumber, ra: RegisterNumber, rb: RegisterNumber): number =>
  xx1Form(xt, ra, rb, 844);
export const stxvd2x = (xs: RegisterNumber, ra: RegisterNumber, rb: RegisterNumber): number =>
  xx1Form(xs, ra, rb, 972);
