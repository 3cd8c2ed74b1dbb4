import { answerText } from '../../record/answer-text.js';
import type { RegisterRecord } from '../../record/cell-record.js';
import { rowFieldText } from '../../record/row-fields.js';
import type { KnownIssue } from '../known-issues.generated.js';
import type { RowVerdict } from './row-verdict.js';
import type { Aspect } from './verdict-kinds.js';
import { ASPECTS, VERDICTS } from './verdict-kinds.js';

/** What is said of a known issue where it is named. */
type NamedIssue = Pick<KnownIssue, 'id' | 'cause' | 'what' | 'source' | 'fix'>;

const ASPECT_NAMES: Readonly<Record<Aspect, string>> = {
  'round-trip': 'round trip',
  guest: 'guest',
  isolation: 'isolation',
  migration: 'migration',
};

/**
 * A verdict on a row in lines: the verdict, each aspect that was asked with what was answered, and the known
 * issues behind it ("guest: kernel bug (read differs (KVM 0x1, guest 0x0), write agrees)").
 */
export function verdictLines(
  row: RegisterRecord,
  { kind, aspects, issues }: Pick<RowVerdict, 'kind' | 'aspects' | 'issues'>,
  known: readonly NamedIssue[],
): string[] {
  return [
    `verdict: ${VERDICTS[kind].name}`,
    ...ASPECTS.filter((aspect) => aspects[aspect] !== 'untested').map((aspect) => {
      const answer = aspectAnswer(row, aspect);
      const { name } = VERDICTS[aspects[aspect]];
      return `${ASPECT_NAMES[aspect]}: ${name}${answer === undefined ? '' : ` (${answer})`}`;
    }),
    ...known.filter(({ id }) => issues.includes(id)).map(knownIssueText),
  ];
}

/** "known issue mmcr3-put-lost (kernel): a put of MMCR3 ... In: book3s_hv.c; fixed by f9ca6a10be20". */
export function knownIssueText({ id, cause, what, source, fix }: NamedIssue): string {
  const mended = fix === undefined ? '' : `; fixed by ${fix.slice(0, 12)}`;
  return `known issue ${id} (${cause}): ${what} In: ${source}${mended}`;
}

function aspectAnswer(row: RegisterRecord, aspect: Aspect): string | undefined {
  switch (aspect) {
    case 'round-trip':
      return answerText(row);
    case 'guest':
      return row.guest === undefined ? undefined : rowFieldText(row, 'guest');
    case 'isolation':
      return row.victims === undefined ? undefined : `changes ${rowFieldText(row, 'victims')}`;
    case 'migration':
      return row.migrates === undefined ? undefined : rowFieldText(row, 'migrates');
  }
}
