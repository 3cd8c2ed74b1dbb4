import type { JSX } from 'preact';
import { statusText } from '../../harness/judge/bugs/bug-text.js';
import { differences } from '../model/ask.js';
import { sumLooks } from '../model/looks.js';
import type { Column } from '../model/matrix.js';
import { NOT_SAID } from '../model/view.js';
import { runAgainCommand } from '../model/words.js';
import { Command } from './command.js';
import { Kinds } from './kinds.js';
import { LookChip } from './look-chip.js';
import { useReport } from './report-context.js';

/** One kernel on all of its platforms. */
export function KernelPage({ id }: { readonly id: string }): JSX.Element {
  const { matrix } = useReport();
  const columns = matrix.columns.filter(({ kernel }) => kernel.id === id);
  const [first] = columns;
  if (first === undefined) return <></>; // the address is checked before
  const { version, family } = first.kernel;
  const pages = `${family.pageSize / 1024}k pages`;
  const lead = `${version ?? 'A kernel without a version'}, ${family.byteOrder} endian, ${pages}; ${first.cell.image.release}`;
  return (
    <Family
      title={id}
      lead={lead}
      columns={columns}
      nameOf={({ platform }) => platform.id}
      mine={{ kernel: id }}
    />
  );
}

/** One platform under all of its kernels. */
export function PlatformPage({ id }: { readonly id: string }): JSX.Element {
  const { matrix } = useReport();
  const columns = matrix.columns.filter(({ platform }) => platform.id === id);
  const [first] = columns;
  if (first === undefined) return <></>; // the address is checked before
  const { machine, kvm } = first.cell;
  const lead = `${first.platform.title}; ${machine.machine}, ${machine.cpu}, KVM-${kvm.flavour}`;
  return (
    <Family
      title={id}
      lead={lead}
      columns={columns}
      nameOf={({ kernel }) => kernel.id}
      mine={{ platform: id }}
    />
  );
}

interface FamilyProps {
  readonly title: string;
  readonly lead: string;
  readonly columns: readonly Column[];
  readonly nameOf: (column: Column) => string;
  readonly mine: { readonly kernel?: string; readonly platform?: string };
}

function Family({ title, lead, columns, nameOf, mine }: FamilyProps): JSX.Element {
  const { matrix, go, addressOf } = useReport();
  const indexes = new Set(columns.map(({ index }) => index));
  const bugs = matrix.feed.bugs.filter(({ issues }) =>
    issues.some((index) =>
      matrix.feed.issues[index]?.evidence.some(({ cell }) => indexes.has(cell)),
    ),
  );
  return (
    <article class="page" aria-labelledby="family-title">
      <nav class="neighbours" aria-label="Cells">
        <a href={addressOf({ name: 'table' })}>← Table</a>
      </nav>
      <h1 id="family-title">{title}</h1>
      <p class="lead">{lead}</p>
      <Command text={runAgainCommand(columns)} />
      <p>
        <button
          type="button"
          onClick={() => {
            go({ page: { name: 'table' }, mine: { ...NOT_SAID, ...mine } });
          }}
        >
          Show it in the table
        </button>
      </p>
      <h2>Kernel bugs</h2>
      {bugs.length === 0 ? (
        <p>None shows here.</p>
      ) : (
        <ul class="links">
          {bugs.map(({ id, title: what, status, fix }) => (
            <li key={id}>
              <a href={addressOf({ name: 'finding', bug: id })}>{what}</a>:{' '}
              {statusText(status, fix)}
            </li>
          ))}
        </ul>
      )}
      <h2>What differs</h2>
      <Kinds found={differences(matrix, columns)} />
      <h2>Cells</h2>
      <ul class="links">
        {columns.map((column) => (
          <li key={column.index}>
            <a href={addressOf({ name: 'cell', cell: column.name })}>{nameOf(column)}</a>{' '}
            {sumLooks(matrix, matrix.rows, [column], 'verdict').map(({ look, count }) => (
              <LookChip key={look.style} look={look} text={`${count}`} />
            ))}
          </li>
        ))}
      </ul>
    </article>
  );
}
