import { expect, test } from '@playwright/test';
import { feedOf, MEASURED_MIGRATIONS, REFERENCE, SMALL_MIGRATIONS } from '../testing/feeds.js';
import { buildMatrix, columnNamed } from './matrix.js';
import type { Migration, MigrationMap } from './migrations.js';
import {
  heatCell,
  lossesOf,
  lostOtherwise,
  migrationMap,
  migrationPlatforms,
} from './migrations.js';

const matrix = buildMatrix(feedOf(undefined, { migrations: SMALL_MIGRATIONS }));
const measured = buildMatrix(
  feedOf(undefined, { migrations: MEASURED_MIGRATIONS, emulators: REFERENCE }),
);

function mapOf(to?: string, qemu?: string, of = matrix): MigrationMap {
  const map = migrationMap(of, { to, qemu });
  if (map === undefined) throw new Error('no map');
  return map;
}

function migration(source: string, target: string): Migration {
  const [from, to] = [columnNamed(matrix, source), columnNamed(matrix, target)];
  const found = from && to && mapOf(to.platform.id).at(from, to);
  if (found === undefined) throw new Error(`no migration from ${source} to ${target}`);
  return found;
}

test('a map is of one platform, with its own kernels before those of other platforms', () => {
  expect(migrationPlatforms(matrix).map(({ id }) => id)).toEqual(['powernv8', 'powernv9']);
  const map = mapOf();
  expect(map.platform.id).toBe('powernv8');
  expect(map.sources.map(({ name }) => name)).toEqual([
    ...['debian-6.1/powernv8', 'debian-6.12/powernv8', 'debian-7.2/powernv9'],
  ]);
  expect(map.targets.map(({ kernel }) => kernel.id)).toEqual(['debian-6.1', 'debian-6.12']);
  expect(mapOf('powernv9').sources).toHaveLength(3);
});

test('a field says how much is lost, or how one register is', () => {
  const down = migration('debian-6.12/powernv8', 'debian-6.1/powernv8');
  expect(heatCell(down)).toEqual({
    text: '2',
    heat: 1,
    words: '2 kernel, 0 configuration, 0 QEMU lost',
  });
  expect(heatCell(down, 'DEXCR')).toEqual({
    text: 'U',
    heat: 4,
    words: 'unknown id, by the kernel',
  });
  expect(heatCell(down, 'LPCR')).toEqual({ text: '·', heat: 0, words: 'nothing of it lost' });
  const up = migration('debian-6.1/powernv8', 'debian-6.12/powernv8');
  expect(heatCell(up)).toEqual({ text: '0', heat: 0, words: 'nothing lost' });
});

test('the losses of a register are counted over all migrations', () => {
  expect(lossesOf(matrix, 'MMCR3')).toEqual({ lost: 5, tried: 14, qemus: ['10.0.2'] });
  expect(lossesOf(matrix, 'LPCR')).toEqual({ lost: 0, tried: 14, qemus: ['10.0.2'] });
  // Under 7.2.22 it is lost, but that is not the reference.
  expect(lossesOf(measured, 'LPCR')).toEqual({ lost: 0, tried: 14, qemus: ['10.0.2'] });
});

test('a map is of one QEMU: the reference first, then each other one that was measured', () => {
  const reference = mapOf('powernv9', undefined, measured);
  expect(reference.qemu).toBe('10.0.2');
  expect(reference.qemus).toEqual([
    { version: '10.0.2', pairs: 9 },
    { version: '7.2.22', pairs: 6 },
  ]);
  const other = mapOf('powernv9', '7.2.22', measured);
  expect(other.qemu).toBe('7.2.22');
  expect([other.sources, other.targets]).toEqual([reference.sources, reference.targets]);
  const [old, , newest] = other.sources;
  const [, target] = other.targets;
  if (old === undefined || newest === undefined || target === undefined) throw new Error('no pair');
  const migrated = other.at(old, target);
  expect(migrated && [migrated.qemu, migrated.lost.length]).toEqual(['7.2.22', 1]);
  expect(migrated && other.referenceOf(migrated).lost).toEqual([]);
  expect(migrated && lostOtherwise(measured, migrated, other.referenceOf(migrated))).toEqual([
    'LPCR',
  ]);
  expect(other.at(newest, target)).toBeUndefined();
  expect(other.measuredUnder(newest, target)).toEqual(['10.0.2']);
});

test('a platform whose pairs were measured under another QEMU alone shows that one', () => {
  const only = MEASURED_MIGRATIONS.map(({ outcomes, ...pair }) => {
    const [outcome] = outcomes.values();
    if (outcome === undefined || pair.to.platform === 'powernv8') return { ...pair, outcomes };
    return { ...pair, outcomes: new Map([['11.1.3', outcome]]) };
  });
  const other = buildMatrix(feedOf(undefined, { migrations: only, emulators: REFERENCE }));
  expect(mapOf('powernv8', undefined, other).qemu).toBe('10.0.2');
  expect(mapOf('powernv9', undefined, other).qemu).toBe('11.1.3');
  expect(mapOf('powernv9', '10.0.2', other).qemus).toEqual([
    ...[
      { version: '10.0.2', pairs: 0 },
      { version: '7.2.22', pairs: 0 },
      { version: '11.1.3', pairs: 9 },
    ],
  ]);
  expect(lossesOf(other, 'MMCR3').qemus).toEqual(['10.0.2', '11.1.3']);
});

test('a feed without migrations has no map', () => {
  const without = buildMatrix(feedOf());
  expect(migrationMap(without)).toBeUndefined();
  expect(migrationPlatforms(without)).toEqual([]);
});

test('migrations of cells that the feed does not show are left out', () => {
  const [record] = feedOf().cells;
  expect(record).toBeDefined();
  const elsewhere = { kernel: 'debian-6.1', platform: 'powernv10' };
  const { migrations } = feedOf(undefined, {
    migrations: [
      {
        ...{ from: elsewhere, to: elsewhere },
        outcomes: new Map([['10.0.2', { kept: 1, lost: [] }]]),
      },
    ],
  });
  expect(migrations).toEqual({ qemus: [], losses: [], outcomes: [], pairs: [] });
});
