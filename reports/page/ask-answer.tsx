import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { lossCountsText } from '../../harness/judge/verdict/loss-counts.js';
import {
  changesBetween,
  columnsOfMine,
  differences,
  lostBy,
  migrationsOf,
  rowsNamed,
} from '../model/ask.js';
import type { Look } from '../model/looks.js';
import { verdictAt, verdictLook } from '../model/looks.js';
import type { Column, Row } from '../model/matrix.js';
import type { Migration } from '../model/migrations.js';
import { isSaid } from '../model/view.js';
import { countOf } from '../../harness/base/count.js';
import { shortAnswer } from '../model/words.js';
import { Kinds } from './kinds.js';
import { LookChip } from './look-chip.js';
import { RegisterLinks } from './register-links.js';
import { useReport } from './report-context.js';

/** What is to be said of the reader's cells, in a few lines; nothing where nothing was chosen. */
export function AskAnswer(): JSX.Element {
  const { matrix, view } = useReport();
  const { kernel, platform, target } = view.mine;
  const isChosen = isSaid(view.mine);
  const columns = columnsOfMine(matrix.columns, view.mine);
  const named = rowsNamed(matrix, view.filters.text);
  if (!isChosen && named.length === 0) return <></>;
  const ofKernel = columns.filter((column) => kernel === undefined || column.kernel.id === kernel);
  return (
    <dl class="answer-lines" aria-label="Answer">
      {named.slice(0, 4).map((row) => (
        <NamedRow key={row.index} row={row} columns={ofKernel} />
      ))}
      {kernel !== undefined && target !== undefined && (
        <>
          <Losses from={kernel} to={target} platform={platform} />
          <Changed from={kernel} to={target} platform={platform} />
        </>
      )}
      {isChosen && target === undefined && (
        <>
          <dt>differs</dt>
          <dd>
            <Kinds found={differences(matrix, ofKernel)} isBrief />
          </dd>
          <dt>guests disagree</dt>
          <dd>
            <Kinds found={differences(matrix, ofKernel, 'guest')} isBrief />
          </dd>
        </>
      )}
    </dl>
  );
}

/** A register in the reader's cells: each different verdict with where it is so, and why. */
function NamedRow({
  row,
  columns,
}: {
  readonly row: Row;
  readonly columns: readonly Column[];
}): JSX.Element {
  const { matrix } = useReport();
  const byText = new Map<string, { look: Look; text: string; why: string; columns: Column[] }>();
  for (const column of columns) {
    const answer = matrix.answerAt(row, column);
    const verdict = verdictAt(matrix, row, column);
    if (answer === undefined || verdict === undefined) continue;
    const text = shortAnswer(answer);
    const why = (answer.reasons ?? []).map((index) => matrix.feed.reasons[index]?.why).join(' ');
    const known = matrix.issuesAt(row, column).map(({ what }) => what)[0] ?? '';
    const key = `${verdict.kind} ${text}`;
    const entry = byText.get(key) ?? {
      ...{ look: verdictLook(verdict.kind), text, why: why || known, columns: [] },
    };
    entry.columns.push(column);
    byText.set(key, entry);
  }
  const kernels = new Set(columns.map(({ kernel }) => kernel.id)).size;
  return (
    <>
      <dt>
        <RegisterLinks rows={[row]} cell={columns.at(-1)?.name} />
      </dt>
      <dd>
        <ul class="kinds">
          {[...byText].map(([key, { look, text, why, columns: mine }]) => {
            const words =
              look.name === text || text.startsWith(look.name) ? text : `${look.name}, ${text}`;
            return (
              <li key={key}>
                <LookChip look={look} text={words} />{' '}
                <small>
                  {mine.length === columns.length
                    ? `everywhere here (${countOf(mine.length, 'cell')})`
                    : kernels === 1
                      ? mine.map(({ platform }) => platform.id).join(', ')
                      : `${countOf(mine.length, 'cell')} of ${columns.length}`}
                  {why !== '' && `: ${why}`}
                </small>
              </li>
            );
          })}
        </ul>
      </dd>
    </>
  );
}

interface PairProps {
  readonly from: string;
  readonly to: string;
  readonly platform: string | undefined;
}

/** What a guest loses on each platform, the kernel's and the configuration's by name. */
function Losses({ from, to, platform }: PairProps): JSX.Element {
  const { matrix } = useReport();
  const migrations = useMemo(
    () => migrationsOf(matrix, from, to, platform),
    [matrix, from, to, platform],
  );
  return (
    <>
      <dt>lost</dt>
      <dd>
        {migrations.length === 0 && 'no migration between them is on record'}
        <ul class="kinds" aria-label="Lost by platform">
          {migrations.map((migration) => (
            <LossLine key={migration.source.index} migration={migration} />
          ))}
        </ul>
      </dd>
    </>
  );
}

function LossLine({ migration }: { readonly migration: Migration }): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { source, target, counts, lost, qemu } = migration;
  const names = new Set(lostBy(migration, ['kernel', 'unexplained']));
  const rows = matrix.rows.filter(({ register }) => names.has(register.name));
  const pair = { source: source.name, target: target.name };
  return (
    <li>
      <a href={addressOf({ name: 'migration', to: target.platform.id, pair })}>
        {source.platform.id}
      </a>{' '}
      <small>(QEMU {qemu})</small>: {lost.length === 0 ? 'nothing' : lossCountsText(counts)}
      {rows.length > 0 && (
        <>
          {' ('}
          <RegisterLinks rows={rows} cell={target.name} />)
        </>
      )}
    </li>
  );
}

/** What one kernel changes against the other; what the configuration changes is only counted. */
function Changed({ from, to, platform }: PairProps): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { platforms, kernel, configuration } = useMemo(
    () => changesBetween(matrix, from, to, platform),
    [matrix, from, to, platform],
  );
  const [first] = platforms;
  return (
    <>
      <dt>changed</dt>
      <dd>
        {first === undefined ? (
          'no platform has both'
        ) : (
          <>
            {countOf(kernel.length, 'register')} by the kernel{kernel.length > 0 && ': '}
            <RegisterLinks rows={kernel} />
            {configuration.length > 0 && `; ${configuration.length} by its configuration`}{' '}
            <a href={addressOf({ name: 'compare', a: `${from}/${first}`, b: `${to}/${first}` })}>
              compare
            </a>
          </>
        )}
      </dd>
    </>
  );
}
