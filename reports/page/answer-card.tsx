import type { JSX } from 'preact';
import { needsReason } from '../../harness/record/cell-record.js';
import { ROW_FIELD_NAMES, shownLines } from '../../harness/record/row-fields.js';
import type { FeedAnswer } from '../feed.generated.js';
import { extraFields } from '../model/extra-fields.js';
import type { Column, Row } from '../model/matrix.js';
import { asRow } from '../model/matrix.js';
import { runAgainCommand, shortAnswer } from '../model/words.js';
import { Command } from './command.js';
import { ExtraFields } from './extra-fields.js';
import { Places } from './places.js';
import { useReport } from './report-context.js';
import { StateChip } from './state-chip.js';

interface AnswerCardProps {
  readonly row: Row;
  readonly answer: FeedAnswer;
  /** The cells that gave it. */
  readonly columns: readonly Column[];
  /** As in the table: which of the register's answers of this state it is. */
  readonly variant: number;
  /** Whether the cell that is looked at is among them. */
  readonly isChosen: boolean;
}

/** An answer with all its fields, why it is so, where it was given, and how to see it again. */
export function AnswerCard({
  row,
  answer,
  variant,
  columns,
  isChosen,
}: AnswerCardProps): JSX.Element {
  const { matrix } = useReport();
  const { name } = row.register;
  const reasons = (answer.reasons ?? []).flatMap((index) => matrix.feed.reasons[index] ?? []);
  const issues = new Set(columns.flatMap((column) => matrix.issuesAt(row, column)));
  const told = new Set(reasons.flatMap(({ issue }) => issue ?? []));
  const deviations = columns.flatMap((column) => matrix.deviationsAt(row, column));
  const [first] = columns;
  const { fields } = matrix.feed;
  const shown = asRow(answer);
  return (
    <div class={isChosen ? 'answer is-chosen' : 'answer'}>
      <h3>
        <StateChip support={answer.support} text={shortAnswer(answer)} />
        {variant > 1 && <sub>{variant}</sub>}
      </h3>
      <Places columns={columns} />
      <dl class="facts">
        {deviations.map(({ message, rule }) => (
          <Fact key={`${rule} ${message}`} name="deviation">
            {message}
          </Fact>
        ))}
        {reasons.map(({ why, source, issue }) => (
          <Fact key={why} name="why">
            {issue !== undefined && (
              <>
                known issue <code>{issue}</code>:{' '}
              </>
            )}
            {why} <small class="source">{source}</small>
          </Fact>
        ))}
        {[...issues]
          .filter(({ id }) => !told.has(id))
          .map(({ id, what, source }) => (
            <Fact key={id} name="why">
              known issue <code>{id}</code>: {what} <small class="source">{source}</small>
            </Fact>
          ))}
        {reasons.length + issues.size === 0 && needsReason(answer) && (
          <Fact name="why">unexplained</Fact>
        )}
        {ROW_FIELD_NAMES.flatMap((field) =>
          shownLines(shown, field).map(({ label, text }) => (
            <Fact key={`${field} ${text}`} name={label} meaning={fields[field]}>
              <HexText text={text} />
            </Fact>
          )),
        )}
        <ExtraFields fields={extraFields(answer)} meanings={fields} />
        {first !== undefined && (
          <Fact name="again">
            <Command text={runAgainCommand([first], name)} />
          </Fact>
        )}
      </dl>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly meaning?: string | undefined;
  readonly children: JSX.Element['props']['children'];
}

function Fact({ name, meaning, children }: FactProps): JSX.Element {
  return (
    <>
      <dt title={meaning}>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A text whose hexadecimal values stand out. */
function HexText({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/(0x[0-9a-f]+)/);
  return (
    <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
  );
}
