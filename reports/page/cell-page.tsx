import type { JSX } from 'preact';
import { factsOf } from '../../harness/record/diff-records.js';
import { cellFacts } from '../model/comparison.js';
import { extraCellFields } from '../model/extra-fields.js';
import { differences } from '../model/ask.js';
import { sumLooks } from '../model/looks.js';
import type { Column, Matrix } from '../model/matrix.js';
import { columnNamed } from '../model/matrix.js';
import { runAgainCommand } from '../model/words.js';
import { Command } from './command.js';
import { ExtraFields } from './extra-fields.js';
import { useReport } from './report-context.js';
import { HostileList } from './hostile-list.js';
import { Kinds } from './kinds.js';
import { LookChip } from './look-chip.js';

/** What one cell ran on, what it answered in numbers, and what it may be compared with. */
export function CellPage({ name }: { readonly name: string }): JSX.Element {
  const { matrix, addressOf } = useReport();
  const column = columnNamed(matrix, name);
  if (column === undefined) return <></>; // the address is checked before
  const { kernel, platform, cell } = column;
  const sum = sumLooks(matrix, matrix.rows, [column], 'verdict');
  return (
    <article class="page" aria-labelledby="cell-name">
      <nav class="neighbours" aria-label="Cells">
        <a href={addressOf({ name: 'table' })}>← Table</a>
      </nav>
      <h1 id="cell-name">
        <a href={addressOf({ name: 'kernel', kernel: kernel.id })}>{kernel.id}</a> on{' '}
        <a href={addressOf({ name: 'platform', platform: platform.id })}>{platform.id}</a>
      </h1>
      <p class="lead">
        {platform.title}.{' '}
        {cell.origin === 'record' ? 'A record of a run.' : 'A committed baseline.'}
      </p>
      <ul class="sums" aria-label="Registers by verdict">
        {sum.map(({ look, count }) => (
          <li key={look.style}>
            <LookChip look={look} text={`${count} ${look.name}`} />
          </li>
        ))}
      </ul>
      <Command text={runAgainCommand([column])} />
      <h2>What differs</h2>
      <Kinds found={differences(matrix, [column])} cell={column.name} />
      <h2>Hostile calls</h2>
      <HostileList column={column} />
      <h2>Compare with</h2>
      <ul class="links" aria-label="Compare with">
        {partnersOf(matrix, column).map((partner) => (
          <li key={partner.name}>
            <a href={addressOf({ name: 'compare', a: partner.name, b: column.name })}>
              {partner.name}
            </a>
          </li>
        ))}
      </ul>
      <h2>What it ran on</h2>
      <dl class="facts">
        {[...factsOf(cellFacts(column))].map(([fact, value]) => [
          <dt key={`${fact} name`}>{fact}</dt>,
          <dd key={fact}>{value}</dd>,
        ])}
        <ExtraFields fields={extraCellFields(cell)} meanings={{}} />
      </dl>
    </article>
  );
}

/** The other kernels of the platform, then the other platforms of the kernel. */
function partnersOf({ columns }: Matrix, column: Column): Column[] {
  return [
    ...columns.filter((other) => other.platform === column.platform && other !== column),
    ...columns.filter((other) => other.kernel === column.kernel && other !== column),
  ];
}
