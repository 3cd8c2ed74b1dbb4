import { join } from 'node:path';
import { describeError } from '../base/error.js';
import { unknownName } from '../base/nearest.js';
import { readBaseline, readBaselines } from '../judge/baseline.js';
import type { CellRecord } from '../record/cell-record.js';
import { cellOptions } from '../record/cell-record.js';
import { describeRegister } from '../judge/describe-register.js';
import { checkFindings, checkText, HOSTILE_CHECKS } from '../record/hostile-checks.js';
import { readKnownIssues } from '../judge/known-issues.js';
import { hasEntries, readRecordFolder } from '../record/record-files.js';
import { describeSpr, sprText } from './progress/spr-text.js';
import { spelledRegisters, spelledSpr } from '../record/spelled-register.js';
import { stateLines, STATES } from '../record/states.js';
import { readRegisterFacts } from '../record/register-facts.js';
import { matrixTable } from './progress/matrix-table.js';
import { registerText } from './progress/register-text.js';

export interface ShowOptions {
  /** The output folder of a run; its records are looked at before the baselines. */
  readonly out: string;
  readonly json: boolean;
}

/**
 * `sprmatrix show`: the text of everything on record about a cell, or about one register of it.
 * Throws the usage errors `UNKNOWN_CELL` and `UNKNOWN_REGISTER`.
 */
export async function showCommand(
  kernel: string,
  platform: string,
  register: string | undefined,
  options: ShowOptions,
): Promise<string> {
  const { record, origin } = await findRecord(kernel, platform, options.out);
  if (register === undefined) {
    return options.json ? JSON.stringify(record, null, 2) : cellText(record, origin);
  }
  const context = {
    facts: await readRegisterFacts(),
    issues: await readKnownIssues(),
    others: await readBaselines(),
  };
  const names = spelledRegisters(register)?.map(({ name }) => name) ?? [register.toUpperCase()];
  const descriptions = names.flatMap((name) => describeRegister(record, name, context) ?? []);
  const [first, ...more] = descriptions;
  if (first === undefined) {
    const spr = spelledSpr(register);
    if (spr === undefined) throw unknownName('register', register, Object.keys(record.registers));
    const known = describeSpr(record, spr);
    return options.json ? JSON.stringify(known, null, 2) : sprText(known, origin);
  }
  if (!options.json) return descriptions.map((each) => registerText(each, origin)).join('\n\n');
  return JSON.stringify(more.length === 0 ? first : descriptions, null, 2);
}

async function findRecord(
  kernel: string,
  platform: string,
  out: string,
): Promise<{ record: CellRecord; origin: string }> {
  const folder = join(out, 'records');
  const recorded = (await hasEntries(folder)) ? await readRecordFolder(folder) : [];
  const isWanted = ({ cell }: CellRecord): boolean =>
    cell.kernel === kernel && cell.platform === platform;
  const mine = recorded.find(isWanted);
  if (mine !== undefined) return { record: mine, origin: folder };
  const baseline = await readBaseline(kernel, platform).catch((error: unknown) => {
    console.error(describeError(error));
    return undefined;
  });
  if (baseline !== undefined) return { record: baseline, origin: 'baseline' };
  const known = [...recorded, ...(await readBaselines())].map(
    ({ cell }) => `${cell.kernel} ${cell.platform}`,
  );
  throw unknownName(
    'cell',
    `${kernel} ${platform}`,
    [...new Set(known)],
    `record it: npx sprmatrix run ${cellOptions({ cell: { kernel, platform } })}`,
  );
}

function cellText(record: CellRecord, origin: string): string {
  const { cell, kernel, machine, kvm } = record;
  const unpackaged = kernel.sha256 === null ? 'whatever ran there' : 'file';
  const origins =
    kernel.package === null ? unpackaged : `${kernel.package.name} ${kernel.package.version}`;
  return [
    `${cell.kernel} on ${cell.platform} (${origin})`,
    `kernel: ${kernel.release} ${kernel.version} (${origins}), ${kernel.byteOrder} endian, pages of ${kernel.pageSize} bytes`,
    `machine: ${machineText(machine)}`,
    `KVM-${kvm.flavour}: ${Object.entries(kvm.capabilities)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => (value === 1 ? name : `${name}=${value}`))
      .join(' ')}`,
    matrixTable([record]),
    ...hostileLines(record),
    ...stateSection(record),
  ].join('\n');
}

/** The hostile calls: a line for each check, and below it what was not as expected. */
function hostileLines({ hostile }: CellRecord): string[] {
  if (hostile === undefined) return [];
  const { ids, seed, logUntested } = hostile;
  return [
    `hostile calls (${ids} random ids of seed ${seed}):`,
    ...HOSTILE_CHECKS.flatMap((name) => {
      const check = hostile.checks[name];
      if (check === undefined) return [];
      return [
        `  ${name.padEnd(18)} ${checkText(check)}`,
        ...checkFindings(check).map((line) => `    ${line}`),
      ];
    }),
    ...(logUntested === undefined ? [] : [`  kernel log: not read (${logUntested})`]),
  ];
}

/** The states that have no row: below each its items. */
function stateSection({ states }: CellRecord): string[] {
  return STATES.flatMap((name) => {
    const state = states?.[name];
    return state === undefined ? [] : [`${name}:`, ...stateLines(state).map((line) => `  ${line}`)];
  });
}

function machineText({ qemu, machine, cpu, accelerator }: CellRecord['machine']): string {
  return qemu === null
    ? `${machine}, ${cpu} (accelerator: ${accelerator})`
    : `QEMU ${qemu} -machine ${machine} -cpu ${cpu} (${accelerator})`;
}
