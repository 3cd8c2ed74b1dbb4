import { VmType } from '../agent/kvm-host.js';
import { bootCell } from '../cell/booted-cell.js';
import { RECORDED_CAPABILITIES } from '../probe/capabilities.js';
import { probeRegisters } from '../probe/probe-registers.js';
import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import type { Figure } from './figure.js';
import { judged } from './figure.js';
import { manyfoldTable } from './manyfold-table.js';
import { bootOptionsOf } from './run-bench-cell.js';
import { medianOfEach, timed } from './statistics.js';

const CELLS = ['debian-6.12/pseries-p9-nested'];
const TIMES = 10;

/**
 * What presence, round trip and isolation cost per register, with the table and with ten times the table,
 * in turn on one booted machine: linear when a register costs the same in both.
 */
export const costPerRegister: FigureSource = {
  id: 'registers',
  what: 'the cost per register of 310 registers and of 3,100',
  isExpensive: false,
  measure: async (context) => measureCells(context, { defaults: CELLS }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure[]> {
  const { name, qemu } = cell;
  const { flavour } = cell.cell.platform;
  const table = registerTable();
  const large = manyfoldTable(table, TIMES);
  await using booted = await bootCell(bootOptionsOf(cell, context));
  const { agent } = booted.machine;
  const probe = async (registers: readonly Register[]): Promise<number> => {
    const { ms } = await timed(async () =>
      probeRegisters(agent, registers, {
        vmType: flavour === 'BookE' ? VmType.default : VmType[flavour],
        isPapr: flavour === 'HV',
        signal: context.signal,
      }),
    );
    return (ms * 1000) / registers.length;
  };
  await agent.openKvm(RECORDED_CAPABILITIES, { signal: context.signal });
  // The first one warms up both sides: QEMU's translations and the harness's compiler.
  await probe(table);
  const runs: { tableUs: number; largeUs: number }[] = [];
  for (let run = 1; run <= context.runs; run++) {
    runs.push({ tableUs: await probe(table), largeUs: await probe(large) });
    const [small, many] = Object.values(runs.at(-1) ?? {}).map(Math.round);
    context.say(
      `${name} ${run}/${context.runs}: ${small} us a register, ${many} us of ${TIMES} times as many`,
    );
  }
  const medians = medianOfEach(runs);
  const details = { cell: name, qemu: qemu.version, ...medians, runs };
  return [
    judged({
      name: `cost per register, ${table.length} rows, ${name}`,
      aim: undefined,
      value: medians.tableUs,
      unit: 'us',
      details,
    }),
    judged({
      name: `the same, ${large.length} rows / ${table.length} rows (linear: 1)`,
      aim: { is: 'at most', value: 1.2 },
      value: medians.largeUs / medians.tableUs,
      unit: 'ratio',
      details,
    }),
  ];
}
