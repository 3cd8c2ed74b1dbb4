import semver from 'semver';
import { measuredUnder } from '../../record/migration-answer.js';
import type { MigrationTable } from '../../record/migration.generated.js';
import type { CellRecord } from '../../record/cell-record.js';
import { subjectsOf } from '../../record/emulator-difference.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { measuredVersions } from './measured-baseline.js';
import { rangeOf } from './under-qemu.js';

/** Under which QEMUs baselines were measured, and what those do otherwise than the reference. */
interface EmulatorTable {
  /** The release line of the reference, e.g. 10.0. */
  readonly line: string;
  readonly why: string;
  /** Oldest first. */
  readonly measured: MeasuredQemu[];
  /** In the order of matrix/emulator.json. */
  readonly differences: EmulatorsWay[];
}

interface MeasuredQemu {
  readonly version: string;
  readonly cells: number;
  /** Of these cells, how many answer otherwise than under the reference. */
  readonly otherwise: number;
}

/** What some QEMUs do otherwise for one reason, and where it was seen. */
interface EmulatorsWay {
  readonly id: string;
  /** "7.2.22", or "7.2.20 to 7.2.22". */
  readonly versions: string[];
  readonly platforms: string[];
  /** Registers, hostile checks and capabilities. */
  readonly subjects: string[];
  readonly what: string;
  readonly source: string;
  readonly commit?: string;
  readonly cells: number;
}

/** The table of what each QEMU does otherwise, made of the baselines and the known reasons alone. */
export function emulatorTable(
  baselines: readonly CellRecord[],
  { reference, reasons }: EmulatorFacts,
): EmulatorTable {
  const seen = seenByReason(baselines);
  return {
    ...reference,
    measured: measuredQemus(baselines),
    differences: reasons.map(({ id, what, source, commit }) => {
      const { versions, platforms, subjects, cells } = seen.get(id) ?? nothing();
      return {
        id,
        versions: [...versions],
        platforms: [...platforms].sort(),
        subjects: [...subjects].sort(),
        ...{ what, source, ...(commit === undefined ? {} : { commit }) },
        cells,
      };
    }),
  };
}

function measuredQemus(baselines: readonly CellRecord[]): MeasuredQemu[] {
  const found = new Map<string, MeasuredQemu>();
  for (const baseline of baselines) {
    for (const version of measuredVersions(baseline)) {
      const { cells, otherwise } = found.get(version) ?? { cells: 0, otherwise: 0 };
      const differs = (rangeOf(baseline, version)?.differs ?? []).length > 0;
      found.set(version, { version, cells: cells + 1, otherwise: otherwise + (differs ? 1 : 0) });
    }
  }
  return [...found.values()].sort((a, b) => semver.compare(a.version, b.version));
}

interface Seen {
  readonly versions: Set<string>;
  readonly platforms: Set<string>;
  readonly subjects: Set<string>;
  cells: number;
}

function nothing(): Seen {
  return { versions: new Set(), platforms: new Set(), subjects: new Set(), cells: 0 };
}

function seenByReason(baselines: readonly CellRecord[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const { cell, emulators = [] } of baselines) {
    for (const { from, to, differs } of emulators) {
      for (const group of differs) {
        const found = seen.get(group.reason ?? '') ?? nothing();
        seen.set(group.reason ?? '', found);
        found.versions.add(from === to ? from : `${from} to ${to}`);
        found.platforms.add(cell.platform);
        for (const { name } of subjectsOf(group)) found.subjects.add(name);
        found.cells += 1;
      }
    }
  }
  return seen;
}

/** Under which QEMUs migrations were measured: pairs of cells, and how many lose something else there. */
export function measuredMigrationQemus(
  tables: readonly MigrationTable[],
): { readonly version: string; readonly pairs: number; readonly otherwise: number }[] {
  const versions = [...new Set(tables.flatMap(({ qemus }) => qemus))].sort(semver.compare);
  return versions.map((version) => {
    const counts = tables.map(({ qemus, pairs, differs }) => {
      const measured = pairs.filter((pair) => measuredUnder(pair, qemus).includes(version));
      const others = differs.filter(({ qemu }) => qemu === version).flatMap((one) => one.pairs);
      return { pairs: measured.length, otherwise: new Set(others).size };
    });
    const sum = (of: (count: (typeof counts)[number]) => number): number =>
      counts.reduce((total, count) => total + of(count), 0);
    return {
      version,
      pairs: sum(({ pairs }) => pairs),
      otherwise: sum(({ otherwise }) => otherwise),
    };
  });
}
