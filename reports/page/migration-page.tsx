import type { JSX } from 'preact';
import { migrateAgain } from '../../harness/record/again-command.js';
import { lossLines } from '../../harness/record/loss-text.js';
import type { LossCause } from '../../harness/judge/verdict/loss-counts.js';
import { lossCountsText } from '../../harness/judge/verdict/loss-counts.js';
import { VERDICT_KINDS } from '../../harness/judge/verdict/verdict-kinds.js';
import type { Column } from '../model/matrix.js';
import { columnNamed } from '../model/matrix.js';
import type { FoundLoss, Migration, MigrationMap } from '../model/migrations.js';
import {
  heatCell,
  LOSS_LETTERS,
  lostOtherwise,
  migrationMap,
  migrationPlatforms,
} from '../model/migrations.js';
import type { Page } from '../model/view.js';
import { Command } from './command.js';
import { VerdictChip } from './look-chip.js';
import { useReport } from './report-context.js';

type MigrationView = Extract<Page, { name: 'migration' }>;

/** What guests lose from one kernel to another, as a map of a target platform. */
export function MigrationPage(view: MigrationView): JSX.Element {
  const { matrix, go, addressOf } = useReport();
  const map = migrationMap(matrix, view);
  if (map === undefined) return <p class="page">No migration is on record.</p>;
  const show = (change: Partial<MigrationView>): void => {
    go({ page: { ...view, name: 'migration', ...change } }, { replace: true });
  };
  const source = columnNamed(matrix, view.pair?.source);
  const target = columnNamed(matrix, view.pair?.target);
  const chosen = source && target && map.at(source, target);
  const isUnmeasured = source && target && !chosen && map.measuredUnder(source, target).length > 0;
  return (
    <article class="page" aria-labelledby="migration-title">
      <h1 id="migration-title">Migration</h1>
      <p class="lead">
        A guest was saved in each cell of a row, and restored in each of a column, both under QEMU{' '}
        {map.qemu}. A field says{' '}
        {view.register === undefined
          ? 'how many registers were lost by the kernel, and after the + by its configuration, QEMU or design'
          : `how ${view.register} was lost`}
        .
      </p>
      <form class="toolbar" aria-label="Which migrations">
        <label class="field">
          <span>To</span>
          <select
            aria-label="To platform"
            value={map.platform.id}
            onChange={({ currentTarget: { value } }) => {
              show({ to: value, pair: undefined });
            }}
          >
            {migrationPlatforms(matrix).map(({ id, title }) => (
              <option key={id} value={id}>
                {id} ({title})
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Under</span>
          <select
            aria-label="Under QEMU"
            value={map.qemu}
            onChange={({ currentTarget: { value } }) => {
              show({ qemu: value });
            }}
          >
            {map.qemus.map(({ version, pairs }) => (
              <option key={version} value={version}>
                QEMU {version} (
                {pairs === 0
                  ? 'not measured here'
                  : pairs === map.pairs
                    ? 'all pairs'
                    : `${pairs} of ${map.pairs} pairs`}
                )
              </option>
            ))}
          </select>
        </label>
        {view.register !== undefined && (
          <p>
            Only{' '}
            <a href={addressOf({ name: 'register', register: view.register })}>{view.register}</a>{' '}
            <button
              type="button"
              onClick={() => {
                show({ register: undefined });
              }}
            >
              All registers
            </button>
          </p>
        )}
      </form>
      <HeatTable map={map} view={view} chosen={chosen} show={show} />
      {view.register !== undefined && <Letters />}
      <section aria-live="polite" aria-label="What is lost" class="lost" tabIndex={0}>
        {chosen === undefined ? (
          <p>
            {isUnmeasured
              ? `${source.name} to ${target.name} was not measured under QEMU ${map.qemu}.`
              : 'A field that is chosen shows here what is lost.'}
          </p>
        ) : (
          <>
            <button
              type="button"
              class="close"
              onClick={() => {
                show({ pair: undefined });
              }}
            >
              Close
            </button>
            <Lost migration={chosen} reference={map.referenceOf(chosen)} />
          </>
        )}
      </section>
    </article>
  );
}

function HeatTable(props: {
  readonly map: MigrationMap;
  readonly view: MigrationView;
  readonly chosen: Migration | undefined;
  readonly show: (change: Partial<MigrationView>) => void;
}): JSX.Element {
  const { map, view, chosen, show } = props;
  const name = (column: Column): string =>
    column.platform === map.platform ? column.kernel.id : column.name;
  return (
    <div class="heat-scroll" tabIndex={0} role="group" aria-label="Map of migrations">
      <table class="heat">
        <caption>
          To {map.platform.id} under QEMU {map.qemu}: from as rows, to as columns
        </caption>
        <thead>
          <tr>
            <th scope="col">from \ to</th>
            {map.targets.map((target) => (
              <th scope="col" key={target.index}>
                {target.kernel.id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.sources.map((source) => (
            <tr key={source.index}>
              <th scope="row">{name(source)}</th>
              {map.targets.map((target) => {
                const migration = map.at(source, target);
                if (migration === undefined) {
                  const isPair = map.measuredUnder(source, target).length > 0;
                  return <td key={target.index}>{isPair && 'not measured'}</td>;
                }
                const { text, heat, words } = heatCell(migration, view.register);
                const point = (): void => {
                  show({ pair: { source: source.name, target: target.name } });
                };
                return (
                  <td key={target.index}>
                    <button
                      type="button"
                      class={`heat-${heat}`}
                      aria-label={`${name(source)} to ${target.kernel.id}: ${words}`}
                      aria-pressed={
                        migration.source === chosen?.source && migration.target === chosen.target
                      }
                      onClick={point}
                    >
                      {text}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the letters of a register's map mean. */
function Letters(): JSX.Element {
  return (
    <p>
      {LOSS_LETTERS.unknown}: the target does not know the id; {LOSS_LETTERS.refused}: it refuses
      the value; {LOSS_LETTERS.masked}: bits do not follow; {LOSS_LETTERS.guest}: the guest does not
      see it; ·: nothing of it is lost.
    </p>
  );
}

const rankOf = (cause: LossCause): number => VERDICT_KINDS.indexOf(cause);

function Lost({
  migration,
  reference,
}: {
  readonly migration: Migration;
  readonly reference: Migration;
}): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { source, target, qemu, kept, lost, counts } = migration;
  const otherwise = lostOtherwise(matrix, migration, reference);
  const groups = new Map<string, FoundLoss[]>();
  for (const loss of lost) {
    const key = [loss.cause, ...loss.issues].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), loss]);
  }
  const sorted = [...groups.values()].sort(
    ([a], [b]) => rankOf(a?.cause ?? 'design') - rankOf(b?.cause ?? 'design'),
  );
  const ends = {
    from: { kernel: source.kernel.id, platform: source.platform.id },
    to: { kernel: target.kernel.id, platform: target.platform.id },
  };
  return (
    <>
      <h2>
        {source.name} to {target.name}
      </h2>
      <p>
        Under QEMU {qemu}, {lost.length} of {kept + lost.length} registers are lost
        {lost.length > 0 && `: ${lossCountsText(counts)}`}.
        {qemu !== reference.qemu &&
          (otherwise.length === 0
            ? ` The same as under QEMU ${reference.qemu}.`
            : ` Otherwise than under QEMU ${reference.qemu}: ${otherwise.join(', ')}.`)}
      </p>
      {sorted.map((mine) => {
        const [first] = mine;
        if (first === undefined) return false;
        const issues = matrix.feed.issues.filter(({ id }) => first.issues.includes(id));
        return (
          <section key={[first.cause, ...first.issues].join(' ')}>
            <h3>
              <VerdictChip kind={first.cause} />{' '}
              {issues.map(({ id, what }) => (
                <small key={id}>
                  <code>{id}</code>: {what}{' '}
                </small>
              ))}
            </h3>
            <ul>
              {lossLines(mine).map((line) => {
                const [name = '', ...text] = line.split(': ');
                const isOne = mine.some(({ register }) => register === name);
                return (
                  <li key={name}>
                    {isOne ? (
                      <a href={addressOf({ name: 'register', register: name })}>{name}</a>
                    ) : (
                      name
                    )}
                    : {text.join(': ')}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      <Command text={migrateAgain(ends)} />
      {qemu !== reference.qemu && (
        <p>
          with <code>--qemu=</code> and the path of a QEMU {qemu}.
        </p>
      )}
    </>
  );
}
