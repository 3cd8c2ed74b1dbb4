import { registerTable } from '../sync/register-table.js';

/** An SPR that a guest of Book III-S may find: its number, and its name in the Power ISA. */
export interface Spr {
  readonly number: number;
  readonly name: string;
  readonly what: string;
  /** What carries it when a VMM saves a guest; undefined where no call does. */
  readonly carrier?: string;
}

type Row = readonly [number: number, name: string, what: string, carrier?: string];

const REGS = 'KVM_GET_REGS';
/** Begins the carrier of what a row of registers.def holds. */
export const ROW = 'the row ';
const row = (name: string): string => `${ROW}${name}`;
const TB = row('TB_OFFSET');

/**
 * SPRs whose number is that of no row in registers.def (Power ISA v2.07B, v3.0B and
 * v3.1B, Book III, "Special Purpose Registers"): some are carried by other calls, some are second names
 * of what has a row.
 */
const ROWS: readonly Row[] = [
  [1, 'XER', 'fixed-point exceptions', REGS],
  [3, 'UDSCR', "DSCR, problem state's name", row('DSCR')],
  [8, 'LR', 'link register', REGS],
  [9, 'CTR', 'count register', REGS],
  [13, 'UAMR', "AMR, problem state's name", row('AMR')],
  [22, 'DEC', 'decrementer', row('DEC_EXPIRY')],
  [25, 'SDR1', 'hashed page table', 'KVM_GET_SREGS'],
  [26, 'SRR0', 'save and restore: address', REGS],
  [27, 'SRR1', 'save and restore: MSR', REGS],
  [28, 'CFAR', 'come-from address', row('CFAR')],
  [131, 'TEXASRU', "TEXASR's upper half", row('TEXASR')],
  [136, 'CTRL', 'run latch, read'],
  [152, 'CTRLW', 'run latch, written'],
  [259, 'USPRG3', "SPRG3, problem state's name", REGS],
  [260, 'USPRG4', 'SPRG4, read (Book E)', REGS],
  [261, 'USPRG5', 'SPRG5, read (Book E)', REGS],
  [262, 'USPRG6', 'SPRG6, read (Book E)', REGS],
  [263, 'USPRG7', 'SPRG7, read (Book E)', REGS],
  [268, 'TB', 'timebase, read', TB],
  [269, 'TBU', 'timebase, upper half, read', TB],
  [272, 'SPRG0', 'for software', REGS],
  [273, 'SPRG1', 'for software', REGS],
  [274, 'SPRG2', 'for software', REGS],
  [275, 'SPRG3', 'for software', REGS],
  [276, 'SPRG4', 'for software (Book E)', REGS],
  [277, 'SPRG5', 'for software (Book E)', REGS],
  [278, 'SPRG6', 'for software (Book E)', REGS],
  [279, 'SPRG7', 'for software (Book E)', REGS],
  [282, 'EAR', 'external access'],
  [284, 'TBL', 'timebase, lower half, written', TB],
  [285, 'TBU40W', 'timebase, upper half, written', TB],
  [286, 'TBU40', 'timebase, upper 40 bits', TB],
  [287, 'PVR', 'processor version', 'KVM_GET_SREGS'],
  [305, 'HSPRG1', "for the hypervisor's software"],
  [306, 'HDSISR', 'hypervisor data storage interrupt status'],
  [310, 'HDEC', 'hypervisor decrementer'],
  [319, 'LPIDR', 'logical partition'],
  [337, 'HMEER', 'hypervisor maintenance exceptions enabled'],
  [338, 'PCR', 'processor compatibility', row('ARCH_COMPAT')],
  [339, 'HEIR', 'hypervisor emulation instruction'],
  [349, 'AMOR', 'authority mask override'],
  [444, 'RPR', 'relative priority'],
  [446, 'TIR', 'thread'],
  [455, 'HDEXCR', 'dynamic execution control, read in problem state'],
  [471, 'HDEXCR_HV', 'dynamic execution control of the hypervisor'],
  [476, 'USPRG0', 'ultravisor: for software'],
  [505, 'URMOR', 'ultravisor real mode offset'],
  [506, 'USRR0', 'ultravisor save and restore: address'],
  [507, 'USRR1', 'ultravisor save and restore: MSR'],
  [511, 'SMFCTRL', 'secure memory facility'],
  [736, 'USIER2', "SIER2, problem state's name", row('SIER2')],
  [737, 'USIER3', "SIER3, problem state's name", row('SIER3')],
  [738, 'UMMCR3', "MMCR3, problem state's name", row('MMCR3')],
  [768, 'USIER', "SIER, problem state's name", row('SIER')],
  [769, 'UMMCR2', "MMCR2, problem state's name", row('MMCR2')],
  [770, 'UMMCRA', "MMCRA, problem state's name", row('MMCRA')],
  [771, 'UPMC1', "PMC1, problem state's name", row('PMC1')],
  [772, 'UPMC2', "PMC2, problem state's name", row('PMC2')],
  [773, 'UPMC3', "PMC3, problem state's name", row('PMC3')],
  [774, 'UPMC4', "PMC4, problem state's name", row('PMC4')],
  [775, 'UPMC5', "PMC5, problem state's name", row('PMC5')],
  [776, 'UPMC6', "PMC6, problem state's name", row('PMC6')],
  [779, 'UMMCR0', "MMCR0, problem state's name", row('MMCR0')],
  [780, 'USIAR', "SIAR, problem state's name", row('SIAR')],
  [781, 'USDAR', "SDAR, problem state's name", row('SDAR')],
  [782, 'UMMCR1', "MMCR1, problem state's name", row('MMCR1')],
  [800, 'BESCRS', 'BESCR: sets bits', row('BESCR')],
  [801, 'BESCRSU', 'BESCR: sets bits of the upper half', row('BESCR')],
  [802, 'BESCRR', 'BESCR: resets bits', row('BESCR')],
  [803, 'BESCRRU', 'BESCR: resets bits of the upper half', row('BESCR')],
  [808, 'NOP808', 'reserved, no operation'],
  [809, 'NOP809', 'reserved, no operation'],
  [810, 'NOP810', 'reserved, no operation'],
  [811, 'NOP811', 'reserved, no operation'],
  [812, 'UDEXCR', 'dynamic execution control, read in problem state'],
  [816, 'ASDR', 'access segment descriptor'],
  [855, 'PSSCR', 'processor stop status and control', row('PSSCR')],
  [884, 'PMSR', 'power management status'],
  [885, 'RWMR', 'region-weighting mode, of the hypervisor'],
  [898, 'PPR32', "PPR's upper half", row('PPR')],
  [922, 'PMCR', 'power management control'],
  ...Array.from({ length: 8 }, (_, index): Row => [912 + index, `GQR${index}`, 'of the 750CL']),
  [1008, 'HID0', "the implementation's"],
  [1009, 'HID1', "the implementation's"],
  [1012, 'HID4', "the implementation's"],
  [1014, 'HID5', "the implementation's"],
  [1016, 'HID2', "the implementation's"],
  [1023, 'PIR', 'processor identification'],
];

/** The pairs of 32-bit processors' block address translation, 8 of instructions and 8 of data. */
const BATS: readonly Row[] = [
  [528, 'IBAT', 0],
  [536, 'DBAT', 0],
  [560, 'IBAT', 4],
  [568, 'DBAT', 4],
].flatMap(([first, name, from]) =>
  Array.from({ length: 8 }, (_, index): Row => {
    const half = index % 2 === 0 ? 'U' : 'L';
    const number = Number(from) + Math.floor(index / 2);
    return [Number(first) + index, `${name}${number}${half}`, 'block address translation (32 bit)'];
  }),
);

/** What is known of SPRs without a row of their own, by number. */
export const SPRS: ReadonlyMap<number, Spr> = new Map(
  [...ROWS, ...BATS].map(([number, name, what, carrier]) => [
    number,
    { number, name, what, ...(carrier === undefined ? {} : { carrier }) },
  ]),
);

/** How items name an SPR: `812-UDEXCR`, or `813` where it has no name. */
export function sprItem(number: number): string {
  const name = SPRS.get(number)?.name ?? registerTable().find(({ spr }) => spr === number)?.name;
  return name === undefined ? String(number) : `${number}-${name}`;
}
