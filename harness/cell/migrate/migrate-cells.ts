import { totalmem } from 'node:os';
import PQueue from 'p-queue';
import { migrateAllAgain } from '../again.js';
import { obstacleOf } from '../../machine/obstacles.js';
import type { PreparedKernel } from '../../kernels/prepared-kernel.js';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import type { BootedCell } from '../booted-cell.js';
import { bootCell } from '../booted-cell.js';
import type { BootableCell, PlannedCell } from '../cell.js';
import { cellIds, nameOfCell } from '../cell.js';
import { bootOptions } from '../run-planned-cell.js';
import { cellName } from '../../record/cell-name.js';
import type { PlayedVmm } from '../../probe/migration/played-vmm.js';
import { MigrationHost } from '../../probe/migration/migration-host.js';
import type { GuestImage } from '../../record/guest-image.js';
import { writeImage } from '../../record/guest-image.js';
import type { AskedMigration } from '../../record/migration-answer.js';
import type { SnapshotStore } from '../../machine/snapshots/snapshot-store.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { jobsWithinMemory } from '../jobs-within-memory.js';
import { kernelPreparer } from '../kernel-preparer.js';
import type { CellDone, CellOutcome, MatrixEvents } from '../run-matrix.js';

/** A migration to try: names of cells. */
export interface Route {
  readonly from: string;
  readonly to: string;
}

export interface MigrateCellsOptions {
  /** In groups: a cell's sources are in its own group or in one before it. */
  readonly groups: readonly (readonly PlannedCell[])[];
  readonly routes: readonly Route[];
  /** Images of guests that were saved earlier, by the names of their cells. */
  readonly images?: ReadonlyMap<string, GuestImage>;
  readonly facts: RegisterFacts;
  /** The VMM on a processor that guests are restored as well as if by. */
  readonly vmm?: ((cpu: string) => PlayedVmm) | undefined;
  readonly jobs: number;
  readonly outFolder: string;
  /** Where booted machines are saved and restored from; undefined boots them all. */
  readonly snapshots?: SnapshotStore | undefined;
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly events?: MatrixEvents;
}

export interface MigrateCellsResult {
  readonly answers: readonly AskedMigration[];
  /** Of every cell that was booted, by name. */
  readonly images: ReadonlyMap<string, GuestImage>;
  readonly outcomes: readonly (CellOutcome | CellDone)[];
}

/** A cell that has booted. */
interface OpenCell extends BootedCell {
  readonly host: MigrationHost;
}

/**
 * Migrates guests between cells. Each cell is booted once: all cells of a group save a guest, and then,
 * kept still meanwhile, restore those of their sources. Only where memory does not suffice for a whole group
 * are cells booted a second time. A cell that fails is an outcome, and the others go on.
 */
export async function migrateCells(options: MigrateCellsOptions): Promise<MigrateCellsResult> {
  const prepare = kernelPreparer(options);
  const images = new Map(options.images);
  const answers: AskedMigration[] = [];
  const outcomes: (CellOutcome | CellDone)[] = [];
  for (const group of options.groups) {
    const ended = await migrateGroup(group, { ...options, prepare, found: images, answers });
    outcomes.push(...ended);
  }
  return { answers, images, outcomes };
}

interface GroupContext extends MigrateCellsOptions {
  readonly prepare: (kernel: KernelEntry) => Promise<PreparedKernel>;
  readonly found: Map<string, GuestImage>;
  readonly answers: AskedMigration[];
}

async function migrateGroup(
  group: readonly PlannedCell[],
  context: GroupContext,
): Promise<(CellOutcome | CellDone)[]> {
  const { jobs, events } = context;
  const queue = new PQueue({ concurrency: jobs });
  const open = new Map<string, OpenCell>();
  const mayStay = jobsWithinMemory(group.length, group, totalmem());
  const startedAt = new Map<string, number>();
  const ended = new Map<string, CellOutcome | CellDone>();
  const end = (outcome: CellOutcome | CellDone): void => {
    const name = nameOfCell(outcome.cell);
    ended.set(name, outcome);
    const now = performance.now();
    events?.cellEnded?.(outcome, now - (startedAt.get(name) ?? now));
  };
  const guarded = async (cell: PlannedCell, work: (booted: BootableCell) => Promise<void>) =>
    queue.add(async () => {
      const name = nameOfCell(cell);
      if (ended.has(name)) return;
      if (cell.isHardware === true) throw new TypeError(`${name} is hardware`);
      if (cell.obstacle !== undefined) {
        end({ cell, obstacle: cell.obstacle });
        return;
      }
      try {
        context.signal?.throwIfAborted();
        await work(cell);
      } catch (error) {
        const explained = open.get(name)?.machine.explain(error) ?? error;
        const obstacle = obstacleOf(explained);
        end(obstacle === undefined ? { cell, error: explained } : { cell, obstacle });
      }
    });
  try {
    await Promise.all(
      group.map(async (cell) =>
        guarded(cell, async (booted) => {
          const name = nameOfCell(cell);
          startedAt.set(name, performance.now());
          events?.cellStarted?.(cell);
          const opened = await openCell(booted, context);
          open.set(name, opened);
          events?.cellPhase?.(cell, 'save');
          const image = await opened.host.save();
          context.found.set(name, image);
          await writeImage(context.outFolder, image);
          if (open.size > mayStay) await close(open, name);
          else opened.machine.pause();
        }),
      ),
    );
    await Promise.all(
      group.map(async (cell) =>
        guarded(cell, async (booted) => {
          const name = nameOfCell(cell);
          const kept = open.get(name);
          kept?.machine.resume();
          const opened = kept ?? (await openCell(booted, context));
          open.set(name, opened);
          events?.cellPhase?.(cell, 'restore');
          const restored = await restoreAll(booted, opened.host, context);
          context.answers.push(...restored);
          await close(open, name);
          end({ cell, done: `${restored.length} guests restored` });
        }),
      ),
    );
  } finally {
    await Promise.all([...open.keys()].map(async (name) => close(open, name)));
  }
  return group.flatMap((cell) => ended.get(nameOfCell(cell)) ?? []);
}

async function close(open: Map<string, OpenCell>, name: string): Promise<void> {
  const cell = open.get(name);
  open.delete(name);
  await cell?.[Symbol.asyncDispose]();
}

/** The answers of every route to a cell whose source left an image. */
async function restoreAll(
  cell: BootableCell,
  host: MigrationHost,
  { routes, found, vmm }: GroupContext,
): Promise<AskedMigration[]> {
  const to = cellIds(cell);
  const answers: AskedMigration[] = [];
  for (const route of routes) {
    const image = route.to === cellName(to) ? found.get(route.from) : undefined;
    if (image === undefined) continue;
    const { kept, lost } = await host.restore(image);
    const other = vmm && (await host.restoreAs(vmm(cell.platform.cpu), image));
    const qemus = { from: image.machine.qemu, to: cell.qemu.version };
    answers.push({ from: image.cell, to, qemus, kept, lost, ...(other && { vmm: other }) });
  }
  return answers;
}

async function openCell(
  cell: BootableCell,
  { prepare, facts, outFolder, snapshots, signal, events }: GroupContext,
): Promise<OpenCell> {
  const { kernel: entry, platform, qemu } = cell;
  const kernel = await prepare(entry);
  const context = {
    ...{ outFolder, snapshots, signal },
    onPhase: (phase: string) => events?.cellPhase?.(cell, phase),
    onNotice: events?.notice,
  };
  const booted = await bootCell(bootOptions(cell, kernel, context, migrateAllAgain(cell)));
  const { machine } = booted;
  const { release, version, byteOrder, pageSize } = machine.hello;
  const { flavour } = platform;
  if (flavour === 'BookE') throw new TypeError(`${platform.id} runs no guest`);
  const { package: origin, sha256 } = kernel;
  try {
    const host = await MigrationHost.open(
      machine.agent,
      facts,
      {
        cell: cellIds(cell),
        kernel: { release, version, package: origin, sha256, byteOrder, pageSize },
        machine: { qemu: qemu.version, machine: platform.machine, cpu: platform.cpu },
        kvm: { flavour },
      },
      signal,
    );
    return { host, ...booted };
  } catch (error) {
    const explained = machine.explain(error);
    await booted[Symbol.asyncDispose]();
    throw explained;
  }
}
