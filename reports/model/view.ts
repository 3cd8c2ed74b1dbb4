import type { Support } from '../../harness/record/cell-record.js';
import { currentKernelId } from '../../harness/record/kernel-id.js';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import type { Filters } from './filters.js';
import { GUEST_VERDICTS, MIGRATION_VERDICTS, NO_FILTERS } from './filters.js';
import type { Lens } from './looks.js';
import { LENSES } from './looks.js';
import type { Matrix } from './matrix.js';
import { columnNamed, rowNamed } from './matrix.js';

/** How the columns are put in order: one for each kernel; one for each cell, by kernel or by platform. */
export const COLUMN_ORDERS = ['folded', 'kernel', 'platform'] as const;
export type ColumnOrder = (typeof COLUMN_ORDERS)[number];

/** The reader's own kernel, platform, and where a guest of theirs is to go. */
export interface Mine {
  readonly kernel: string | undefined;
  readonly platform: string | undefined;
  readonly target: string | undefined;
}

export const NOT_SAID: Mine = { kernel: undefined, platform: undefined, target: undefined };

/** Whether a reader has said any of it. */
export function isSaid(mine: Mine): boolean {
  return Object.values(mine).some((value) => value !== undefined);
}

/** What is on the screen. */
export type Page =
  | { readonly name: 'table' }
  /** A register; `cell` is the column that it was opened from, `<kernel id>/<platform id>`. */
  | { readonly name: 'register'; readonly register: string; readonly cell?: string | undefined }
  | { readonly name: 'cell'; readonly cell: string }
  | { readonly name: 'kernel'; readonly kernel: string }
  | { readonly name: 'platform'; readonly platform: string }
  | { readonly name: 'findings' }
  /** A bug of the kernel. */
  | { readonly name: 'finding'; readonly bug: string }
  | { readonly name: 'compare'; readonly a?: string | undefined; readonly b?: string | undefined }
  /** Migrations to a platform, of a register if one is named; `pair` is the one looked at. */
  | {
      readonly name: 'migration';
      readonly to?: string | undefined;
      readonly register?: string | undefined;
      readonly pair?: MigrationPair | undefined;
      /** The version that both ends ran under; without it the first that was measured there. */
      readonly qemu?: string | undefined;
    };

/** Names of cells. */
export interface MigrationPair {
  readonly source: string;
  readonly target: string;
}

/** All that a link to the report can hold. */
export interface View {
  readonly page: Page;
  readonly filters: Filters;
  readonly order: ColumnOrder;
  readonly lens: Lens;
  readonly mine: Mine;
  /** Kernels that are unfolded into their platforms. */
  readonly open: readonly string[];
  /** Whether rows are shown that no cell has. */
  readonly absent: boolean;
  /** Groups that are not as they begin: folded ones that are open, open ones that are folded. */
  readonly toggled: readonly string[];
}

/**
 * What a report's address without anything shows.
 * @internal
 */
export const FIRST_VIEW: View = {
  page: { name: 'table' },
  filters: NO_FILTERS,
  order: 'folded',
  lens: 'verdict',
  mine: NOT_SAID,
  open: [],
  absent: false,
  toggled: [],
};

/** An address's view, and what in it names nothing of this report, a line each for a person. */
export interface ParsedAddress {
  readonly view: View;
  readonly unknown: readonly string[];
}

/** The address of a view, from the `#` on: `#/register/LPCR?group=pmu`; `#/` is the first view. */
export function formatAddress(view: View): string {
  const { page, filters, order, toggled, mine } = view;
  const query = new URLSearchParams();
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') query.set(name, value);
  };
  if (page.name === 'register') add('cell', page.cell);
  if (page.name === 'compare') {
    add('a', page.a);
    add('b', page.b);
  }
  if (page.name === 'migration') {
    add('on', page.to);
    add('of', page.register);
    add('qemu', page.qemu);
    add('source', page.pair?.source);
    add('target', page.pair?.target);
  }
  add('text', filters.text);
  add('group', filters.groups.join(','));
  add('platform', filters.platforms.join(','));
  add('from', filters.from);
  add('to', filters.to);
  add('support', filters.supports.join(','));
  add('migrates', filters.migrations.join(','));
  add('guest', filters.guests.join(','));
  add('differ', filters.differ ? 'yes' : undefined);
  add('since', filters.since);
  add('issues', filters.issues ? 'yes' : undefined);
  add('mykernel', mine.kernel);
  add('myplatform', mine.platform);
  add('mytarget', mine.target);
  add('colour', view.lens === 'verdict' ? undefined : view.lens);
  add('order', order === 'folded' ? undefined : order);
  add('open', view.open.join(','));
  add('absent', view.absent ? 'yes' : undefined);
  add('toggled', toggled.join(','));
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return `#/${pathOf(page)}${text === '' ? '' : `?${text}`}`;
}

/** The view of an address; what it names and this report does not have is left out, and stands in `unknown`. */
export function parseAddress(hash: string, matrix: Matrix): ParsedAddress {
  const parsed = parseNames(hash, matrix, (name) => name);
  if (parsed.unknown.length === 0) return parsed;
  // A link of a report from before kernels that are built here were called build-6.1.
  const former = parseNames(hash, matrix, currentName);
  return former.unknown.length < parsed.unknown.length ? former : parsed;
}

/** Today's name of a kernel, or of a cell by its kernel. */
function currentName(name: string): string {
  const [kernel = '', ...platform] = name.split('/');
  return [currentKernelId(kernel), ...platform].join('/');
}

function parseNames(hash: string, matrix: Matrix, today: (name: string) => string): ParsedAddress {
  const [path = '', ...rest] = hash.replace(/^#?\/?/, '').split('?');
  const query = new URLSearchParams(rest.join('?'));
  const unknown: string[] = [];
  const known = <T extends string>(what: string, name: string, all: readonly T[]): T[] => {
    const found = all.find((candidate) => candidate === name || candidate === today(name));
    if (found === undefined) unknown.push(`no ${what} "${name}"`);
    return found === undefined ? [] : [found];
  };
  const list = <T extends string>(what: string, all: readonly T[]): T[] =>
    (query.get(what) ?? '')
      .split(',')
      .filter((name) => name !== '')
      .flatMap((name) => known(what, name, all));
  const { feed } = matrix;
  const kernels = feed.kernels.map(({ id }) => id);
  const groups = [...matrix.groups.keys()];
  const cells = matrix.columns.map(({ name }) => name);
  const one = (parameter: string, what: string, all: readonly string[]): string | undefined => {
    const name = query.get(parameter);
    return name === null ? undefined : known(what, name, all)[0];
  };
  const filters: Filters = {
    text: query.get('text') ?? '',
    groups: list('group', groups),
    platforms: list(
      'platform',
      feed.platforms.map(({ id }) => id),
    ),
    from: one('from', 'kernel', kernels),
    to: one('to', 'kernel', kernels),
    supports: list<Support>('support', SUPPORTS),
    migrations: list('migrates', MIGRATION_VERDICTS),
    guests: list('guest', GUEST_VERDICTS),
    differ: query.get('differ') === 'yes',
    since: one('since', 'kernel', kernels),
    issues: query.get('issues') === 'yes',
  };
  const page = parsePage(path, matrix, { one, cells, unknown, today });
  const order = COLUMN_ORDERS.find((candidate) => candidate === query.get('order')) ?? 'folded';
  const lens = LENSES.find((candidate) => candidate === query.get('colour')) ?? 'verdict';
  const mine: Mine = {
    kernel: one('mykernel', 'kernel', kernels),
    platform: one(
      'myplatform',
      'platform',
      feed.platforms.map(({ id }) => id),
    ),
    target: one('mytarget', 'kernel', kernels),
  };
  const [toggled, open] = [list('toggled', groups), list('open', kernels)];
  const absent = query.get('absent') === 'yes';
  return { view: { page, filters, order, lens, mine, open, absent, toggled }, unknown };
}

interface PageContext {
  readonly one: (name: string, what: string, all: readonly string[]) => string | undefined;
  readonly cells: readonly string[];
  readonly unknown: string[];
  readonly today: (name: string) => string;
}

function parsePage(
  path: string,
  matrix: Matrix,
  { one, cells, unknown, today }: PageContext,
): Page {
  const platforms = matrix.feed.platforms.map(({ id }) => id);
  const registers = matrix.rows.map(({ register }) => register.name);
  const [name = '', ...parts] = path.split('/').map(decodePart);
  const rest = parts.join('/');
  switch (name) {
    case '':
      return { name: 'table' };
    case 'register':
      if (rowNamed(matrix, rest) !== undefined) {
        return { name, register: rest, cell: one('cell', 'cell', cells) };
      }
      unknown.push(`no register "${rest}"`);
      break;
    case 'cell':
      for (const cell of [rest, today(rest)]) {
        if (columnNamed(matrix, cell) !== undefined) return { name, cell };
      }
      unknown.push(`no cell "${rest}"`);
      break;
    case 'kernel':
      if (matrix.feed.kernels.some(({ id }) => id === rest)) return { name, kernel: rest };
      unknown.push(`no kernel "${rest}"`);
      break;
    case 'platform':
      if (platforms.includes(rest)) return { name, platform: rest };
      unknown.push(`no platform "${rest}"`);
      break;
    case 'findings':
      return { name };
    case 'finding':
      if (matrix.feed.bugs.some(({ id }) => id === rest)) return { name, bug: rest };
      unknown.push(`no finding "${rest}"`);
      break;
    case 'compare':
      return { name, a: one('a', 'cell', cells), b: one('b', 'cell', cells) };
    case 'migration': {
      const [source, target] = [one('source', 'cell', cells), one('target', 'cell', cells)];
      return {
        name,
        to: one('on', 'platform', platforms),
        register: one('of', 'register', registers),
        qemu: one('qemu', 'measured QEMU', matrix.feed.migrations.qemus),
        pair: source === undefined || target === undefined ? undefined : { source, target },
      };
    }
    default:
      unknown.push(`no page "${name}"`);
  }
  return { name: 'table' };
}

function pathOf(page: Page): string {
  switch (page.name) {
    case 'table':
      return '';
    case 'register':
      return `register/${encodeURIComponent(page.register)}`;
    case 'cell':
      return `cell/${page.cell.split('/').map(encodeURIComponent).join('/')}`;
    case 'kernel':
      return `kernel/${encodeURIComponent(page.kernel)}`;
    case 'platform':
      return `platform/${encodeURIComponent(page.platform)}`;
    case 'finding':
      return `finding/${page.bug}`;
    case 'findings':
    case 'compare':
    case 'migration':
      return page.name;
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone %: taken as it stands
  }
}
