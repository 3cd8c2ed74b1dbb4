import type { JSX } from 'preact';
import { Fragment } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { bitStates } from '../../harness/record/bit-strip.js';
import { visibleColumns, visibleRows } from '../model/filters.js';
import { columnsByKernel, placesOfAnswers } from '../model/history.js';
import { variantsOf } from '../model/layout.js';
import type { Column, Row } from '../model/matrix.js';
import { columnNamed, rowNamed } from '../model/matrix.js';
import { lossesOf } from '../model/migrations.js';
import { runAgainCommand, shortAnswer } from '../model/words.js';
import { AnswerCard } from './answer-card.js';
import { BitLegend, BitRuler, BitStrip, FieldLine } from './bit-strip.js';
import { Command } from './command.js';
import { HistoryLines } from './history-lines.js';
import { useReport } from './report-context.js';
import { StateChip } from './state-chip.js';

/** Everything on record about one register. `cell` is the cell that is looked at. */
export function RegisterPage(props: {
  readonly name: string;
  readonly cell: string | undefined;
}): JSX.Element {
  const { matrix, addressOf } = useReport();
  const row = rowNamed(matrix, props.name);
  if (row === undefined) return <></>; // the address is checked before
  const { name, spr, id, size, group, what, origin, since } = row.register;
  const places = placesOfAnswers(matrix, row);
  const variants = variantsOf(matrix, row, matrix.columns);
  const chosen = columnNamed(matrix, props.cell) ?? places.at(-1)?.columns.at(-1);
  return (
    <article class="page" aria-labelledby="register-name">
      <Neighbours row={row} />
      <h1 id="register-name" class="name">
        {name}
      </h1>
      {what !== undefined && <p class="lead">{what}</p>}
      <dl class="inline-facts">
        <dt>SPR</dt>
        <dd>{spr === null ? 'none' : `${spr}`}</dd>
        <dt>ONE_REG id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>size</dt>
        <dd>{size} bits</dd>
        <dt>group</dt>
        <dd>{group}</dd>
        {origin !== undefined && (
          <>
            <dt>origin</dt>
            <dd>{origin}</dd>
          </>
        )}
        {since !== undefined && (
          <>
            <dt>id in asm/kvm.h</dt>
            <dd>{since}</dd>
          </>
        )}
      </dl>
      {chosen !== undefined && (
        <section class="chosen" aria-label="The cell looked at">
          <p>
            <a href={addressOf({ name: 'cell', cell: chosen.name })}>{chosen.name}</a>{' '}
            <ChosenAnswer row={row} column={chosen} />
          </p>
          <Command text={runAgainCommand([chosen], name)} />
        </section>
      )}
      <h2>Over the kernels</h2>
      <HistoryLines row={row} chosen={chosen} />
      <Bits row={row} />
      <Migrations row={row} />
      <h2>Answers</h2>
      <div class="answers">
        {places.length === 0 && <p>No cell was asked.</p>}
        {places.map((place) => (
          <AnswerCard
            key={place.columns[0]?.index}
            {...{ row, ...place }}
            variant={variants.get(place.columns[0]?.index ?? -1) ?? 1}
            isChosen={chosen !== undefined && place.columns.includes(chosen)}
          />
        ))}
      </div>
    </article>
  );
}

function ChosenAnswer({ row, column }: { row: Row; column: Column }): JSX.Element {
  const { matrix } = useReport();
  const answer = matrix.answerAt(row, column);
  return answer === undefined ? (
    <span>not asked</span>
  ) : (
    <StateChip support={answer.support} text={shortAnswer(answer)} />
  );
}

/** The way back to the table, and to the registers before and after among those it shows. */
function Neighbours({ row }: { row: Row }): JSX.Element {
  const { matrix, view, addressOf, go } = useReport();
  const { filters } = view;
  const rows = useMemo(
    () => visibleRows(matrix, visibleColumns(matrix, filters), filters),
    [matrix, filters],
  );
  const place = rows.indexOf(row);
  const before = place < 0 ? undefined : rows[place - 1];
  const after = place < 0 ? undefined : rows[place + 1];
  const cell = view.page.name === 'register' ? view.page.cell : undefined;
  useLayoutEffect(() => {
    const onKey = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): void => {
      const isTyping = target instanceof HTMLElement && target.matches('input, select');
      const next = key === '[' ? before : key === ']' ? after : undefined;
      if (next === undefined || isTyping || ctrlKey || metaKey || altKey) return;
      go({ page: { name: 'register', register: next.register.name, cell } });
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  });
  const link = (to: Row | undefined, rel: 'prev' | 'next'): JSX.Element | false =>
    to !== undefined && (
      <a
        rel={rel}
        class="name"
        href={addressOf({ name: 'register', register: to.register.name, cell })}
      >
        {rel === 'prev' && <kbd>[</kbd>} {to.register.name} {rel === 'next' && <kbd>]</kbd>}
      </a>
    );
  return (
    <nav class="neighbours" aria-label="Registers">
      <a href={addressOf({ name: 'table' })}>← Table</a>
      <span class="pair">
        {link(before, 'prev')}
        {link(after, 'next')}
      </span>
    </nav>
  );
}

/** In how many migrations the register is lost, with the way to the map of them. */
function Migrations({ row }: { row: Row }): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { name } = row.register;
  const { lost, tried, qemus } = lossesOf(matrix, name);
  if (tried === 0) return <></>;
  return (
    <section aria-labelledby="migrations-title">
      <h2 id="migrations-title">Between cells</h2>
      <p>
        {lost === 0
          ? `None of ${tried} migrations under QEMU ${qemus.join(', ')} loses anything of it.`
          : `Something of it is lost in ${lost} of ${tried} migrations under QEMU ${qemus.join(', ')}: `}
        {lost > 0 && <a href={addressOf({ name: 'migration', register: name })}>which, and how</a>}
      </p>
    </section>
  );
}

/** A strip of bits for each kernel and each different answer there, one below the other. */
function Bits({ row }: { row: Row }): JSX.Element {
  const { matrix } = useReport();
  const { fields } = row.register;
  const strips = matrix.feed.kernels.flatMap((kernel) => {
    const columns = matrix.columns.filter((column) => column.kernel === kernel);
    const byStates = new Map<string, Column[]>();
    for (const column of columns) {
      const answer = matrix.answerAt(row, column);
      const states = answer && bitStates(row.register, answer);
      if (states === undefined) continue;
      const key = states.join();
      byStates.set(key, [...(byStates.get(key) ?? []), column]);
    }
    return [...byStates.values()].map((alike, index) => ({
      ...{ kernel, alike },
      isFirst: index === 0,
      isAll: byStates.size === 1,
    }));
  });
  if (strips.length === 0) return <></>;
  return (
    <section class="bit-strips" aria-labelledby="bits-title">
      <h2 id="bits-title">Bits</h2>
      <BitLegend />
      <div class="strip-scroll" tabIndex={0} role="group" aria-label="Bits by kernel">
        <div class="strip">
          <span class="strip-kernel" />
          <BitRuler size={row.register.size} />
        </div>
        {strips.map(({ kernel, alike, isFirst, isAll }) => {
          const [first] = alike;
          const answer = first && matrix.answerAt(row, first);
          const states = answer && bitStates(row.register, answer);
          const platforms = [...columnsByKernel(alike).values()]
            .flat()
            .map(({ platform }) => platform.id);
          return (
            <Fragment key={`${kernel.id} ${platforms.join()}`}>
              <div class={isFirst ? 'strip first-strip' : 'strip'}>
                <span class="strip-kernel">{isFirst && kernel.id}</span>
                {states !== undefined && <BitStrip states={states} fields={fields} />}
                <span class="strip-where">
                  {isAll && platforms.length > 1
                    ? `all ${platforms.length} platforms that have it`
                    : platforms.join(', ')}
                </span>
              </div>
              {states !== undefined && <FieldLine states={states} fields={fields} />}
            </Fragment>
          );
        })}
      </div>
    </section>
  );
}
