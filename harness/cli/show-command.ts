import { join } from 'node:path';
import { invocation } from '../base/invocation.js';
import { describeError } from '../base/error.js';
import { unknownName } from '../base/nearest.js';
import { readBaseline, readBaselines } from '../judge/baseline.js';
import type { CellIds } from '../record/cell-name.js';
import type { CellRecord } from '../record/cell-record.js';
import { againCommand } from '../record/again-command.js';
import { describeRegister } from '../judge/describe-register.js';
import { checkFindings, checkText, HOSTILE_CHECKS } from '../record/hostile-checks.js';
import { readKnownIssues } from '../judge/known-issues.js';
import { hasEntries, readRecordFolder } from '../record/record-files.js';
import { describeSpr, sprText } from './progress/spr-text.js';
import { spelledRegisters, spelledSpr } from '../record/spelled-register.js';
import { stateLines, STATES } from '../record/states.js';
import { readRegisterFacts } from '../record/register-facts.js';
import { kernelsOnRecord } from './kernels-on-record.js';
import { judgedColumns } from './judged-columns.js';
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
  if (register === undefined) {
    const found =
      (await findCell({ kernel, platform }, options.out)) ??
      (await findRecords(kernel, platform, options.out, await baselinesOrNone()));
    if (!options.json) return (await Promise.all(found.map(cellText))).join('\n\n');
    return asJson(found.map(({ record }) => record));
  }
  const others = await readBaselines();
  const found = await findRecords(kernel, platform, options.out, others);
  const context = { facts: await readRegisterFacts(), issues: await readKnownIssues(), others };
  const names = spelledRegisters(register)?.map(({ name }) => name) ?? [register.toUpperCase()];
  const described = found.flatMap(({ record, origin }) =>
    names.flatMap((name) => {
      const description = describeRegister(record, name, context);
      return description === undefined ? [] : [{ description, record, origin }];
    }),
  );
  if (described.length > 0) {
    if (options.json) return asJson(described.map(({ description }) => description));
    return described
      .map(({ description, record, origin }) => registerText(description, origin, record.kernel))
      .join('\n\n');
  }
  const spr = spelledSpr(register);
  const rows = found.flatMap(({ record }) => Object.keys(record.registers));
  if (spr === undefined) throw unknownName('register', register, [...new Set(rows)]);
  if (options.json) return asJson(found.map(({ record }) => describeSpr(record, spr)));
  return found
    .map(({ record, origin }) => sprText(describeSpr(record, spr), origin, record.kernel))
    .join('\n\n');
}

/** One thing by itself, several as an array. */
function asJson(things: readonly unknown[]): string {
  return JSON.stringify(things.length === 1 ? things[0] : things, null, 2);
}

/** A record, and where it is from. */
interface FoundRecord {
  readonly record: CellRecord;
  readonly origin: string;
}

/**
 * The record of a cell that is named by its kernel's id: of the baselines its own is read alone.
 * Undefined where there is none: what a line, a range or "latest" means is a matter of all that is on record.
 */
async function findCell(cell: CellIds, out: string): Promise<readonly FoundRecord[] | undefined> {
  const folder = join(out, 'records');
  const recorded = (await hasEntries(folder))
    ? await readRecordFolder(folder, undefined, (platform) => platform === cell.platform)
    : [];
  const mine = recorded.find((record) => record.cell.kernel === cell.kernel);
  if (mine !== undefined) return [{ record: mine, origin: folder }];
  // One that cannot be read is reported where all are.
  const baseline = await readBaseline(cell.kernel, cell.platform).catch(() => undefined);
  return baseline && [{ record: baseline, origin: 'baseline' }];
}

/** All baselines; none, and why, when they cannot be read. */
async function baselinesOrNone(): Promise<readonly CellRecord[]> {
  return readBaselines().catch((error: unknown) => {
    console.error(describeError(error));
    return [];
  });
}

/** The record of each kernel that `kernel` means on a platform. */
async function findRecords(
  kernel: string,
  platform: string,
  out: string,
  baselines: readonly CellRecord[],
): Promise<readonly FoundRecord[]> {
  const folder = join(out, 'records');
  const recorded = (await hasEntries(folder)) ? await readRecordFolder(folder) : [];
  const found = kernelsOnRecord(kernel, [...recorded, ...baselines]).flatMap((id) => {
    const isWanted = ({ cell }: CellRecord): boolean =>
      cell.kernel === id && cell.platform === platform;
    const mine = recorded.find(isWanted);
    if (mine !== undefined) return [{ record: mine, origin: folder }];
    const baseline = baselines.find(isWanted);
    return baseline === undefined ? [] : [{ record: baseline, origin: 'baseline' }];
  });
  if (found.length > 0) return found;
  const known = [...recorded, ...baselines].map(({ cell }) => `${cell.kernel} ${cell.platform}`);
  throw unknownName(
    'cell',
    `${kernel} ${platform}`,
    [...new Set(known)],
    `record it: ${againCommand({ program: invocation().run, cells: [{ kernel, platform }] })}`,
  );
}

async function cellText({ record, origin }: FoundRecord): Promise<string> {
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
    matrixTable(await judgedColumns([record])),
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
