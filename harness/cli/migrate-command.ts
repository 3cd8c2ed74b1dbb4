import { cellName } from '../record/cell-name.js';
import { availableParallelism } from 'node:os';
import { isDrawable } from '../base/terminal.js';
import { resolve } from 'node:path';
import { ExitCode, SprmatrixError } from '../base/error.js';
import type { GuestImage } from '../record/guest-image.js';
import { readImage } from '../record/guest-image.js';
import { formatMigration } from '../judge/format-migration.js';
import { formatVmmMigration } from '../judge/format-vmm-migration.js';
import { readKnownIssues } from '../judge/known-issues.js';
import type { AskedMigration } from '../record/migration-answer.js';
import type { LossCounts } from '../judge/verdict/loss-counts.js';
import { countLosses, isLossFailure } from '../judge/verdict/loss-counts.js';
import type { JudgedLoss, LossContext } from '../judge/verdict/migration-outcome.js';
import { judgeLosses } from '../judge/verdict/migration-outcome.js';
import { loadPlatformPairs } from '../cell/migrate/platform-migrations.js';
import { readRegisterFacts } from '../record/register-facts.js';
import { migrateCells } from '../cell/migrate/migrate-cells.js';
import type { MigrateCellsResult } from '../cell/migrate/migrate-cells.js';
import { everyRoute, groupsOf, singleRoutes } from '../cell/migrate/migration-routes.js';
import type { RoutePlan } from '../cell/migrate/migration-routes.js';
import type { MigrationComparison } from '../cell/migrate/migration-baselines.js';
import { compareMigrations, updateMigrationTables } from '../cell/migrate/migration-baselines.js';
import { calibrationsOf } from '../cell/migrate/platform-calibrations.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { Calibration } from '../record/record.generated.js';
import { countOf } from '../base/count.js';
import { rememberInvocation } from './options/repeated-options.js';
import { requireReleases } from './options/release-qemus.js';
import { planCells } from '../cell/plan-cells.js';
import { sideFolder } from './compare-qemus.js';
import { interruptSignal } from './process-end.js';
import { RunProgress } from './progress/progress.js';
import { nameOfCell } from '../cell/cell.js';
import { reportFailures, reportSkips } from './progress/run-report.js';
import type { Selectors } from '../cell/selection.js';
import { qemusFor, requireBooted, resolveSelection } from '../cell/selection.js';
import type { ColdOption } from './options/cold-option.js';
import type { MachineOptions } from './options/selector-options.js';
import { snapshotStoreOf } from './options/snapshots-of-command.js';

export interface MigrateOptions extends Selectors, MachineOptions, ColdOption {
  /** A kernel as --kernel takes it, or an image's file (.json). */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly toPlatform?: string | undefined;
  readonly all: boolean;
  readonly json: boolean;
  /** The VMM that guests are restored as if by, next to libsprsync. */
  readonly vmm?: 'qemu' | undefined;
  /** What only the emulator loses fails too. */
  readonly strict: boolean;
  readonly out: string;
  readonly jobs?: number | undefined;
  readonly updateBaseline: boolean;
  readonly requireAll: boolean;
}

/**
 * `sprmatrix migrate`: what a guest loses from one kernel to another, or from each to each (--all); with
 * several --qemu, under each in turn. Returns the exit code: 3 when a cell failed or nothing was migrated; 1
 * when anything is lost that is the kernel's or the configuration's (--strict: anything at all), or, with
 * --all, when anything is not as in matrix/migration.
 */
export async function migrateCommand(options: MigrateOptions): Promise<ExitCode> {
  checkOptions(options);
  const signal = interruptSignal();
  const plan = await planOf(options, signal);
  for (const warning of plan.warnings) console.error(`warning: ${warning}`);
  const qemus = await qemusFor(plan.cells, options.qemu);
  if (options.updateBaseline) await requireReleases(qemus);
  if (options.qemu.length < 2) return migrateUnder(qemus, plan, options, signal);
  const codes: ExitCode[] = [];
  for (const [index, qemu] of qemus.entries()) {
    if (signal.aborted) return ExitCode.harness;
    console.error(`QEMU ${qemu.version}: ${qemu.path}`);
    const out = sideFolder(options.out, qemu, index, qemus);
    codes.push(await migrateUnder([qemu], plan, { ...options, out, qemu: [qemu.path] }, signal));
  }
  const worst = [ExitCode.harness, ExitCode.deviation].find((code) => codes.includes(code));
  return worst ?? ExitCode.ok;
}

async function migrateUnder(
  qemus: readonly QemuBinary[],
  plan: Plan,
  options: MigrateOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  rememberInvocation({ ...options, register: [] });
  const planned = planCells(plan.cells, qemus);
  const outFolder = resolve(options.out);
  const { events } = new RunProgress(planned, isDrawable(process.stderr));
  const snapshots = snapshotStoreOf(options);
  const common = { outFolder, snapshots, mirror: options.mirror, signal };
  // A table is what a QEMU is measured by.
  const calibrations =
    options.calibration === false || options.updateBaseline
      ? new Map<string, Calibration>()
      : await calibrationsOf(planned, { ...common, onNotice: events.notice });
  const result = await migrateCells({
    ...common,
    groups: groupsOf(planned, loadPlatformPairs()),
    routes: plan.routes,
    ...(plan.images === undefined ? {} : { images: plan.images }),
    facts: await readRegisterFacts(),
    vmm: options.vmm && (await import('../../fixtures/qemu/qemu-vmm.js')).qemuVmm,
    jobs: options.jobs ?? availableParallelism(),
    events,
  });
  const failures = reportFailures(result.outcomes);
  const skips = reportSkips(
    result.outcomes.flatMap((outcome) => ('done' in outcome ? [] : [outcome])),
  );
  if (options.updateBaseline) {
    for (const path of await updateMigrationTables(result.answers))
      console.error(`baseline: ${path}`);
  }
  const compared = await compareMigrations(result.answers, calibrations);
  for (const text of [...compared.texts, ...notesOf(compared)]) console.error(text);
  const judged = await judge(result, plan.images);
  print(judged, result, options, compared.withoutBaseline);
  if (result.answers.length === 0 || failures > 0 || (options.requireAll && skips > 0)) {
    return ExitCode.harness;
  }
  const isLost =
    !options.all &&
    judged.some(
      ({ counts, ofVmm }) =>
        isLossFailure(counts, options.strict) || isLossFailure(ofVmm, options.strict),
    );
  if (!options.all && !isLost && judged.some(({ losses }) => losses.length > 0)) {
    console.error(
      'note: no loss is of a kernel or of its configuration; --strict exits 1 all the same',
    );
  }
  return isLost || compared.texts.length > 0 ? ExitCode.deviation : ExitCode.ok;
}

/** What answers were not judged by, in words. */
function notesOf({ emulators, unmeasured }: MigrationComparison): string[] {
  return [
    ...(emulators.length === 0
      ? []
      : [
          `note: ${emulators.join(', ')}: not as on record; the calibration says that this is the emulator's`,
        ]),
    ...[...unmeasured].map(
      ([name, count]) =>
        `note: ${countOf(count, 'migration')} under ${name} ${count === 1 ? 'is' : 'are'} not compared: nobody measured that; migrate --all --update-baseline with one --qemu does`,
    ),
  ];
}

interface Plan extends RoutePlan {
  readonly images?: ReadonlyMap<string, GuestImage>;
  readonly warnings: readonly string[];
}

async function planOf(options: MigrateOptions, signal: AbortSignal): Promise<Plan> {
  if (options.all) {
    const selectors = {
      ...options,
      kernel: options.kernel.length === 0 && options.cell.length === 0 ? ['all'] : options.kernel,
      platform:
        options.platform.length === 0 && options.cell.length === 0 ? ['*'] : options.platform,
    };
    const { cells, warnings } = await resolveSelection(selectors, signal);
    return { ...everyRoute(requireBooted('migrate', cells), loadPlatformPairs()), warnings };
  }
  const { from = '', to = '', toPlatform } = options;
  const image = from.endsWith('.json') ? await readImage(from) : undefined;
  const select = async (
    kernel: string,
    platform: readonly string[],
  ): Promise<{ cells: ReturnType<typeof requireBooted>; warnings: readonly string[] }> => {
    const selectors = { ...options, kernel: [kernel], platform };
    const selected = await resolveSelection(selectors, signal);
    return { ...selected, cells: requireBooted('migrate', selected.cells) };
  };
  const platform =
    image !== undefined && options.platform.length === 0 ? [image.cell.platform] : options.platform;
  const target = await select(to, toPlatform === undefined ? platform : [toPlatform]);
  requireOneKernel('--to', to, target.cells);
  if (image !== undefined) {
    const name = cellName(image.cell);
    const routes = target.cells.map((cell) => ({ from: name, to: nameOfCell(cell) }));
    return {
      ...{ cells: target.cells, routes, images: new Map([[name, image]]) },
      warnings: target.warnings,
    };
  }
  const source = await select(from, platform);
  requireOneKernel('--from', from, source.cells);
  return { ...singleRoutes(source.cells, target.cells), warnings: target.warnings };
}

/** Usage errors: `MIGRATE_WHAT` when it is not said from where to where. */
function checkOptions(options: MigrateOptions): void {
  const { all, from, to, kernel, cell, toPlatform } = options;
  const isSingle = from !== undefined && to !== undefined;
  const hasEither = from !== undefined || to !== undefined || toPlatform !== undefined;
  const chosen = kernel.length + cell.length > 0;
  if (all ? !hasEither : isSingle && !chosen) return;
  throw new SprmatrixError({
    code: 'MIGRATE_WHAT',
    kind: 'usage',
    message: all
      ? '--all migrates between all selected cells, and --from, --to or --to-platform is there too'
      : isSingle
        ? '--from and --to say the kernels, and --kernel or --cell is there too'
        : 'migrate needs --from and --to, or --all',
    hint: 'e.g. `npx sprmatrix migrate --from=build-5.10 --to=debian-7.2`, or `--all --kernel=debian-6.1,debian-6.12`',
  });
}

function requireOneKernel(
  option: string,
  selector: string,
  cells: readonly { readonly kernel: { readonly id: string } }[],
): void {
  const ids = [...new Set(cells.map(({ kernel }) => kernel.id))];
  if (ids.length <= 1) return;
  throw new SprmatrixError({
    code: 'MIGRATE_KERNELS',
    kind: 'usage',
    message: `${option}=${selector} is ${ids.length} kernels: ${ids.join(', ')}`,
    hint: 'name one, or take --all with --kernel',
  });
}

/** A migration with whose its losses are. */
interface JudgedMigration {
  readonly answer: AskedMigration;
  readonly context: LossContext;
  readonly losses: readonly JudgedLoss[];
  readonly counts: LossCounts;
  /** Of the other VMM; nothing where none was asked. */
  readonly ofVmm: LossCounts;
}

async function judge(
  { answers, images }: MigrateCellsResult,
  given: ReadonlyMap<string, GuestImage> | undefined,
): Promise<JudgedMigration[]> {
  const [issues, facts] = await Promise.all([readKnownIssues(), readRegisterFacts()]);
  const imageOf = (cell: AskedMigration['from']): GuestImage | undefined =>
    images.get(cellName(cell)) ?? given?.get(cellName(cell));
  return answers.map((answer) => {
    const context = { issues, facts, from: imageOf(answer.from), to: imageOf(answer.to) };
    const losses = judgeLosses(answer.lost, context);
    const ofVmm = judgeLosses(answer.vmm?.lost ?? [], context);
    return {
      ...{ answer, context, losses },
      counts: countLosses(losses.map(({ cause }) => cause)),
      ofVmm: countLosses(ofVmm.map(({ cause }) => cause)),
    };
  });
}

function print(
  judged: readonly JudgedMigration[],
  { outcomes }: MigrateCellsResult,
  options: MigrateOptions,
  withoutBaseline: number,
): void {
  if (options.json) {
    const data = judged.map(({ answer, losses, counts }) => ({
      ...answer,
      lost: losses.map(({ loss, cause, issues }) => ({
        ...{ ...loss, cause },
        issues: issues.map(({ id }) => id),
      })),
      counts,
    }));
    console.log(JSON.stringify(data, null, 2));
    return;
  }
  if (!options.all || options.vmm !== undefined) {
    for (const { answer, context } of judged) {
      const { vmm } = answer;
      console.log(
        vmm ? formatVmmMigration(answer, vmm, context) : formatMigration(answer, context),
      );
    }
    if (!options.all) return;
  }
  const sound = judged.filter(({ counts }) => !isLossFailure(counts)).length;
  console.log(
    `${judged.length} migrations between ${outcomes.length} cells, ${sound} of them without a loss of the kernel's or the configuration's, ${withoutBaseline} without a baseline; images: ${resolve(options.out)}/images`,
  );
}
