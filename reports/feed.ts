import type { CellRecord } from '../harness/record/cell-record.js';
import { isSameCell } from '../harness/record/cell-record.js';
import type { BugEntry } from '../harness/judge/bugs/bugs.js';
import type { ExplainContext } from '../harness/judge/explain-row.js';
import type { RowVerdict } from '../harness/judge/verdict/row-verdict.js';
import { rowVerdicts } from '../harness/judge/verdict/row-verdict.js';
import { orderRegisters } from '../harness/record/format-record.js';
import { familyOf } from '../harness/record/kernel-family.js';
import { compareKernels, kernelVersion } from '../harness/record/kernel-version.js';
import type { MeasuredMigration } from '../harness/record/migration-answer.js';
import { sinceText } from '../harness/record/register-facts.js';
import { fieldsOf } from '../harness/record/register-fields.js';
import { TABLE_FIELDS } from '../harness/record/row-fields.js';
import type {
  Feed,
  FeedAnswer,
  FeedCell,
  FeedKernel,
  FeedPlatform,
  FeedRegister,
} from './feed.generated.js';
import { findingsOf, judgeShown } from './feed-findings.js';
import { feedMigrations } from './feed-migrations.js';
import { IndexedList } from './indexed-list.js';

export type * from './feed.generated.js';

/** What a feed is made of; see `buildFeed`. */
export interface FeedInput extends ExplainContext {
  /** Records of runs. */
  readonly records: readonly CellRecord[];
  /** Committed baselines: what records are judged by. */
  readonly baselines: readonly CellRecord[];
  /** Which cells the feed shows; `both` leaves out the baselines of cells that have a record. */
  readonly source: Feed['source'];
  /** In the order in which people read them; a cell's platform that is not here comes last. */
  readonly platforms: readonly FeedPlatform[];
  /** What the fields of a record's row mean, by their names. */
  readonly fields: Readonly<Record<string, string>>;
  readonly harness: Feed['harness'];
  /** matrix/bugs.json; without it bugs have no more than their issues say. */
  readonly bugs?: readonly BugEntry[];
  /** The committed answers of `sprmatrix migrate`: they are of baselines, and shown between these. */
  readonly migrations?: readonly MeasuredMigration[];
  /** What each QEMU does otherwise, of the baselines. */
  readonly emulators?: Feed['emulators'];
}

/** The feed of matrix/schema/feed.schema.json. The same input gives the same feed. */
export function buildFeed(input: FeedInput): Feed {
  const shown = shownRecords(input);
  const kernelIds = kernelOrder(shown);
  const platforms = platformOrder(shown, input.platforms);
  const place = ({ cell }: CellRecord): [number, number] => [
    kernelIds.indexOf(cell.kernel),
    platforms.findIndex(({ id }) => id === cell.platform),
  ];
  const records = shown.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    return left[0] - right[0] || left[1] - right[1];
  });
  const registers = registersOf(records, input);
  const answers = new IndexedList<FeedAnswer>();
  const reasons = new IndexedList<Feed['reasons'][number]>();
  const verdicts = new IndexedList<Feed['verdicts'][number]>();
  const judged = judgeShown(records, input);
  const cells = judged.map((judgedCell): FeedCell => {
    const { record } = judgedCell;
    const [kernel, platform] = place(record);
    const ofRows = rowVerdicts(judgedCell, input);
    const answerOf = ({ name }: FeedRegister): number | null => {
      const row = record.registers[name];
      if (row === undefined) return null;
      const verdict = ofRows.get(name);
      const why = verdict?.reasons?.map((reason) => reasons.indexOf({ ...reason })) ?? [];
      return answers.indexOf({
        ...without(row, TABLE_FIELDS),
        verdict: verdicts.indexOf(verdictEntry(verdict)),
        ...(why.length > 0 ? { reasons: why } : {}),
      });
    };
    const origin = input.records.includes(record) ? 'record' : 'baseline';
    return {
      ...without(record, ['format', 'cell', 'registers']),
      ...{ kernel, platform, origin, image: record.kernel },
      answers: registers.map(answerOf),
    };
  });
  return {
    format: 1,
    source: input.source,
    harness: input.harness,
    ...(input.emulators === undefined ? {} : { emulators: input.emulators }),
    kernels: kernelIds.map((id) => kernelEntry(id, records)),
    platforms,
    registers,
    fields: { ...input.fields },
    cells,
    answers: answers.values(),
    reasons: reasons.values(),
    verdicts: verdicts.values(),
    migrations: feedMigrations(
      input,
      records.flatMap((record, index) =>
        input.records.includes(record) ? [] : [{ ...record.cell, index, record }],
      ),
    ),
    ...findingsOf(
      judged,
      registers.map(({ name }) => name),
      input,
    ),
  };
}

function shownRecords({ records, baselines, source }: FeedInput): readonly CellRecord[] {
  switch (source) {
    case 'records':
      return records;
    case 'baselines':
      return baselines;
    case 'both':
      return [
        ...records,
        ...baselines.filter((baseline) => !records.some((record) => isSameCell(record, baseline))),
      ];
  }
}

/** Kernel ids, oldest first: an id counts as old as the oldest image that it had. */
function kernelOrder(records: readonly CellRecord[]): string[] {
  return [...new Set(records.toSorted(compareKernels).map(({ cell }) => cell.kernel))];
}

function platformOrder(
  records: readonly CellRecord[],
  known: readonly FeedPlatform[],
): FeedPlatform[] {
  const ids = new Set(records.map(({ cell }) => cell.platform));
  const unknown = [...ids].filter((id) => !known.some((platform) => platform.id === id)).sort();
  return [
    ...known.filter(({ id }) => ids.has(id)).map(({ id, title }) => ({ id, title })),
    ...unknown.map((id) => ({ id, title: id })),
  ];
}

function kernelEntry(id: string, records: readonly CellRecord[]): FeedKernel {
  const record = records.find(({ cell }) => cell.kernel === id);
  if (record === undefined) throw new RangeError(`no record is of kernel ${id}`);
  const version = kernelVersion(record);
  return {
    id,
    family: { ...familyOf(record) },
    line: version === undefined ? null : `${version.major}.${version.minor}`,
    version: version?.version ?? null,
  };
}

/** Every register of any record, in the order of `facts`; those without a fact come last. */
function registersOf(records: readonly CellRecord[], { facts }: FeedInput): FeedRegister[] {
  const rows = Object.assign(
    {},
    ...records.map(({ registers }) => registers).reverse(),
  ) as CellRecord['registers'];
  return orderRegisters(rows, [...facts.keys()]).map(([name, { id, size, spr, group }]) => {
    const fact = facts.get(name);
    const told = fact && { what: fact.what, origin: fact.origin, since: sinceText(fact.since) };
    const fields = fieldsOf(facts, name, size);
    return { name, id, size, spr, group, ...told, ...(fields.length > 0 ? { fields } : {}) };
  });
}

function verdictEntry(verdict: RowVerdict | undefined): Feed['verdicts'][number] {
  if (verdict === undefined) throw new RangeError('a row of a judged record has no verdict');
  const { kind, aspects, issues } = verdict;
  return { kind, aspects: { ...aspects }, issues: [...issues] };
}

function without<T extends object, K extends keyof T>(value: T, fields: readonly K[]): Omit<T, K> {
  const left = Object.entries(value).filter(([field]) => !fields.includes(field as K));
  return Object.fromEntries(left) as Omit<T, K>;
}
