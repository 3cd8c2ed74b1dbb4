import { join } from 'node:path';
import { describeError } from '../base/error.js';
import { unknownName } from '../base/nearest.js';
import { readBaseline, readBaselines } from '../record/baseline.js';
import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { cellOptions, needsReason } from '../record/cell-record.js';
import { guestAnswerText } from '../record/compare-rows.js';
import type { RowExplanation } from '../record/explain-row.js';
import { explainRow } from '../record/explain-row.js';
import { readKnownIssues } from '../record/known-issues.js';
import { hasEntries, readRecordFolder } from '../record/record-files.js';
import type { RegisterFact } from '../record/register-facts.js';
import { readRegisterFacts, sinceText } from '../record/register-facts.js';
import { matrixTable } from './matrix-table.js';

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
  const name = register.toUpperCase();
  const row = record.registers[name];
  if (row === undefined) {
    throw unknownName('register', register, Object.keys(record.registers));
  }
  if (options.json) return JSON.stringify(row, null, 2);
  const facts = await readRegisterFacts();
  const reasons = explainRow(record, name, { facts, issues: await readKnownIssues() });
  return registerText(name, row, { record, origin, fact: facts.get(name), reasons });
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
  ].join('\n');
}

function machineText({ qemu, machine, cpu, accelerator }: CellRecord['machine']): string {
  return qemu === null
    ? `${machine}, ${cpu} (accelerator: ${accelerator})`
    : `QEMU ${qemu} -machine ${machine} -cpu ${cpu} (${accelerator})`;
}

/** What is told of a register beside its row. */
interface RegisterContext {
  readonly record: CellRecord;
  readonly origin: string;
  readonly fact: RegisterFact | undefined;
  readonly reasons: readonly RowExplanation[];
}

function registerText(
  name: string,
  row: RegisterRecord,
  { record: { cell }, origin, fact, reasons }: RegisterContext,
): string {
  const spr = row.spr === null ? 'no SPR' : `SPR ${row.spr}`;
  const lines = [
    `${name} (${spr}, ONE_REG ${row.id}, ${row.size} bits, group ${row.group})`,
    ...(fact === undefined
      ? []
      : [
          `  what      ${fact.what}`,
          `  origin    ${fact.origin}; ONE_REG id ${sinceText(fact.since)}`,
        ]),
    `${cell.kernel} on ${cell.platform} (${origin}): ${row.support}`,
    ...reasons.map((reason) => `  why       ${reasonText(reason)}`),
    ...(reasons.length === 0 && needsReason(row) ? ['  why       unexplained'] : []),
    `  get       ${row.get ?? 'not asked'}`,
    `  put back  ${row.put ?? 'not asked'}`,
    `  fresh     ${row.reset ?? '-'}`,
    `  writable  ${row.writable ?? '-'}`,
    ...row.refused.map(
      ({ errno, value, bits }) => `  refused   ${value} with ${errno}; single bits ${bits}`,
    ),
    ...(row.aliases === undefined ? [] : [`  answers as ${row.aliases.join(', ')}`]),
    ...(row.victims === undefined ? [] : [`  changes   ${row.victims.join(', ')} when it is put`]),
    ...(row.guest === undefined
      ? []
      : [
          `  guest     reads it: ${guestAnswerText(row.guest.read)}`,
          `            writes it: ${guestAnswerText(row.guest.write)}`,
        ]),
    ...(row.note === undefined ? [] : [`  note      ${row.note}`]),
    `again: npx sprmatrix run ${cellOptions({ cell })} --register=${name}`,
  ];
  return lines.join('\n');
}

function reasonText({ why, source, issue }: RowExplanation): string {
  return `${issue === undefined ? '' : `known issue ${issue}: `}${why} (${source})`;
}
