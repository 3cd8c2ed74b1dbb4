import { resolve } from 'node:path';
import { ExitCode, messageOf, SprmatrixError } from '../base/error.js';
import { plainProgress } from '../base/plain-progress.js';
import { isDrawable } from '../base/terminal.js';
import type { BootableCell, EmulatedCell } from '../cell/cell.js';
import { nameOfCell } from '../cell/cell.js';
import { planCells } from '../cell/plan-cells.js';
import { runMatrix } from '../cell/run-matrix.js';
import type { Selectors } from '../cell/selection.js';
import { qemusFor, requireBooted, resolveSelection } from '../cell/selection.js';
import type { Change } from '../cell/since/find-change.js';
import { findChange } from '../cell/since/find-change.js';
import { registerAnswer } from '../cell/since/register-answer.js';
import type { GitSource, KernelEntry } from '../kernels/kernel-entry.js';
import { CommitHistory } from '../kernels/upstream/commit-history.js';
import { selectUpstream } from '../kernels/upstream/select-upstream.js';
import type { CellRecord } from '../record/cell-record.js';
import type { RowField } from '../record/row-fields.js';
import type { Register } from '../sync/register-table.js';
import type { ColdOption } from './options/cold-option.js';
import type { MachineOptions } from './options/selector-options.js';
import { snapshotStoreOf } from './options/snapshots-of-command.js';
import { interruptSignal } from './process-end.js';
import { RunProgress } from './progress/progress.js';

export interface SinceOptions extends Selectors, MachineOptions, ColdOption {
  readonly out: string;
  /** Go on over the commits between the two releases. */
  readonly commits: boolean;
  /** The field of the row to go by, instead of `support`. */
  readonly field?: RowField | undefined;
}

/** Every line that is known here. */
const ALL_LINES = '>=0';
const PLATFORM = 'pseries-p9-nested';

/**
 * `sprmatrix since`: since which kernel a register answers as it does now, by a bisection of the selected
 * kernels and, with --commits, of the commits between two. Returns the exit code: 3 when fewer than two
 * kernels gave an answer.
 */
export async function sinceCommand(options: SinceOptions): Promise<ExitCode> {
  if (options.register.length === 0) {
    throw new SprmatrixError({
      code: 'SINCE_WHAT',
      kind: 'usage',
      message: 'since needs --register: what is asked of the kernels',
      hint: 'e.g. `npx sprmatrix since --register=MMCR3`',
    });
  }
  const signal = interruptSignal();
  const selectors = {
    ...options,
    kernel: options.kernel.length === 0 ? [ALL_LINES] : options.kernel,
    platform: options.platform.length === 0 ? [PLATFORM] : options.platform,
  };
  const { cells, registers, warnings } = await resolveSelection(selectors, signal);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const booted = requireBooted('since', cells);
  requireOnePlatform(booted);
  const asker = new Asker(registers, options, signal);
  const able = await asker.plan(booted);
  let hasFailed = false;
  for (const { name } of registers) {
    const answerOf = async (cell: BootableCell): Promise<string | undefined> =>
      answerIn(await asker.ask(cell), name, options.field);
    const change = await findChange(able, answerOf);
    console.log(`${name} on ${able[0]?.platform.id ?? ''}: ${changeText(change)}`);
    if (change.oldest === undefined || change.oldest.item === change.newest?.item) hasFailed = true;
    if (options.commits && change.between !== undefined) {
      console.log(`${name}: ${await commitText(name, change.between, asker, options, signal)}`);
    }
  }
  return hasFailed ? ExitCode.harness : ExitCode.ok;
}

/** Asks cells, each once. */
class Asker {
  readonly #records = new Map<string, Promise<CellRecord | undefined>>();

  constructor(
    private readonly registers: readonly Register[],
    private readonly options: SinceOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** The cells that can run here; of the others it is said why they are passed over. */
  async plan(cells: readonly EmulatedCell[]): Promise<BootableCell[]> {
    const planned = planCells(cells, await qemusFor(cells, this.options.qemu));
    return planned.flatMap((cell) => {
      if (cell.isHardware === true) return [];
      if (cell.obstacle === undefined) return [cell];
      console.error(`${nameOfCell(cell)} is passed over: ${cell.obstacle}`);
      return [];
    });
  }

  async ask(cell: BootableCell): Promise<CellRecord | undefined> {
    const name = nameOfCell(cell);
    const known = this.#records.get(name) ?? this.#run(cell);
    this.#records.set(name, known);
    return known;
  }

  async #run(cell: BootableCell): Promise<CellRecord | undefined> {
    const [outcome] = await runMatrix({
      cells: [cell],
      registers: this.registers,
      jobs: 1,
      outFolder: resolve(this.options.out),
      snapshots: snapshotStoreOf(this.options),
      mirror: this.options.mirror,
      signal: this.signal,
      events: new RunProgress([cell], isDrawable(process.stderr)).events,
    });
    this.signal.throwIfAborted();
    if (outcome !== undefined && 'record' in outcome) return outcome.record;
    const why =
      outcome !== undefined && 'error' in outcome ? messageOf(outcome.error) : outcome?.obstacle;
    console.error(`${nameOfCell(cell)} is passed over: ${why ?? 'it gave no record'}`);
    return undefined;
  }
}

function answerIn(
  record: CellRecord | undefined,
  register: string,
  field: RowField | undefined,
): string | undefined {
  return record && registerAnswer(record, register, field);
}

function changeText({ oldest, newest, between }: Change<BootableCell>): string {
  if (oldest === undefined || newest === undefined) return 'no kernel gave an answer';
  if (oldest.item === newest.item) {
    return `${oldest.answer} in ${kernelText(oldest.item.kernel)}, and no other kernel gave an answer`;
  }
  if (between === undefined) {
    return `${newest.answer} in ${kernelText(oldest.item.kernel)} and in ${kernelText(newest.item.kernel)}; none between was asked`;
  }
  const { before, since } = between;
  return `${since.answer} since ${kernelText(since.item.kernel)}, ${before.answer} in ${kernelText(before.item.kernel)}`;
}

/** Since which commit, between two kernels of one repository. */
async function commitText(
  register: string,
  { before, since }: NonNullable<Change<BootableCell>['between']>,
  asker: Asker,
  options: SinceOptions,
  signal: AbortSignal,
): Promise<string> {
  const [older, newer] = requireRepository(before.item.kernel, since.item.kernel);
  const history = await CommitHistory.open(older, newer, {
    signal,
    onProgress: plainProgress(),
    onNotice: (text) => {
      console.error(text);
    },
  });
  let first = newer.commit;
  const olders = [older.commit];
  const skipped = new Set<string>();
  for (;;) {
    const next = await history.next(first, olders, skipped);
    if (next === undefined) break;
    const { id, title } = await history.commit(next);
    const left = await history.count(first, olders);
    console.error(`${left} commits are left; asking ${id.slice(0, 12)} ("${title}")`);
    const [kernel] = await selectUpstream(next, { git: newer.url, signal });
    if (kernel === undefined) break;
    // A commit shares the working tree of its line, and what was compiled there.
    const cell = { ...since.item, kernel: { ...kernel, line: since.item.kernel.line } };
    const answer = answerIn(await asker.ask(cell), register, options.field);
    if (answer === undefined) skipped.add(next);
    else if (answer === since.answer) first = next;
    else olders.push(next);
  }
  const { id, title } = await history.commit(first);
  const others = (await history.count(first, olders)) - 1;
  const doubt = others > 0 ? `, or one of the ${others} before it that could not be asked` : '';
  return `${since.answer} since ${id.slice(0, 12)} ("${title}")${doubt}`;
}

/** Usage errors: `SINCE_COMMITS` for kernels that are no two of one repository. */
function requireRepository(before: KernelEntry, since: KernelEntry): [GitSource, GitSource] {
  const [older, newer] = [before.source, since.source];
  if (older.kind === 'git' && newer.kind === 'git' && older.url === newer.url) {
    return [older, newer];
  }
  throw new SprmatrixError({
    code: 'SINCE_COMMITS',
    kind: 'usage',
    message: `--commits: ${before.id} and ${since.id} are no two commits of one repository`,
    hint: `name tags, e.g. --kernel=tags:v${before.line}..v${since.line} --git=stable`,
  });
}

/** Usage errors: `SINCE_PLATFORMS`, because kernels are compared on one. */
function requireOnePlatform(cells: readonly EmulatedCell[]): void {
  const ids = [...new Set(cells.map(({ platform }) => platform.id))];
  if (ids.length <= 1) return;
  throw new SprmatrixError({
    code: 'SINCE_PLATFORMS',
    kind: 'usage',
    message: `since compares kernels on one platform, and ${ids.length} are named: ${ids.join(', ')}`,
  });
}

function kernelText({ id, version }: KernelEntry): string {
  return version === '' || id.includes(version) ? id : `${id} (${version})`;
}
