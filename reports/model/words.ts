import { againCommand } from '../../harness/record/again-command.js';
import { answerText } from '../../harness/record/answer-text.js';
import { changedFields, fieldPhrase } from '../../harness/record/compare-rows.js';
import type { FeedAnswer } from '../feed.generated.js';
import { extraFields, valueText } from './extra-fields.js';
import type { Column, Row } from './matrix.js';
import { asRow } from './matrix.js';

/** What a register answers in short: "exact", "absent (EINVAL)", "not recorded". */
export function shortAnswer(answer: FeedAnswer | undefined): string {
  return answer === undefined ? 'not recorded' : answerText(asRow(answer));
}

/** In what two answers differ, as a phrase for each: "masked", "exact"; none when in nothing. */
export function differenceWords(
  a: FeedAnswer | undefined,
  b: FeedAnswer | undefined,
): { readonly a: string; readonly b: string } | undefined {
  if (a === undefined || b === undefined) {
    return a === b ? undefined : { a: shortAnswer(a), b: shortAnswer(b) };
  }
  if (a.support !== b.support) return { a: shortAnswer(a), b: shortAnswer(b) };
  const changes = changedFields(asRow(a), asRow(b));
  const extras = changedExtras(a, b);
  if (changes.length + extras.length === 0) return undefined;
  const side = (name: 'a' | 'b'): string =>
    [
      ...(changes.length > 0 ? [fieldPhrase(changes, name)] : []),
      ...extras.map((extra) => `${extra.name} ${extra[name]}`),
    ].join(', ');
  return { a: side('a'), b: side('b') };
}

/** The shortest names that tell two columns apart, as `sprmatrix diff` has them. */
export function sideNames(a: Column, b: Column): { readonly a: string; readonly b: string } {
  if (a.platform.id === b.platform.id) return { a: a.kernel.id, b: b.kernel.id };
  if (a.kernel.id === b.kernel.id) return { a: a.platform.id, b: b.platform.id };
  return { a: a.name, b: b.name };
}

/** The one command that asks a register, or all of them, again in one or more cells. */
export function runAgainCommand(columns: readonly Column[], register?: string): string {
  return againCommand({
    program: 'npx sprmatrix run',
    cells: columns.map(({ kernel, platform, cell }) => ({
      ...{ kernel: kernel.id, platform: platform.id, package: cell.image.package },
    })),
    asked: register === undefined ? [] : [`--register=${register}`],
  });
}

/** Some registers under one name: `TM_GPR0-31` for a run of numbered ones. */
export interface NameRange {
  readonly label: string;
  readonly first: Row;
}

/** Registers by their names, runs of numbered ones as ranges: `TFHAR`, `TM_GPR0-31`. */
export function nameRanges(rows: readonly Row[]): NameRange[] {
  const ranges: { stem: string; from: string; to: string; first: Row }[] = [];
  for (const row of rows) {
    const [, stem = '', number = ''] = /^(.*?)(\d*)$/.exec(row.register.name) ?? [];
    const last = ranges.at(-1);
    const isNext = number !== '' && last?.stem === stem && Number(last.to) + 1 === Number(number);
    if (last !== undefined && isNext) last.to = number;
    else ranges.push({ stem, from: number, to: number, first: row });
  }
  return ranges.map(({ stem, from, to, first }) => ({
    label: from === to ? `${stem}${from}` : `${stem}${from}-${to}`,
    first,
  }));
}

/** Names as people list them, the rest as a number: "a, b and 3 more". */
export function listed(names: readonly string[], most = 4): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function changedExtras(a: FeedAnswer, b: FeedAnswer): { name: string; a: string; b: string }[] {
  const left = new Map(extraFields(a));
  const right = new Map(extraFields(b));
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((name) => ({ name, a: valueText(left.get(name)), b: valueText(right.get(name)) }))
    .filter((extra) => extra.a !== extra.b);
}
