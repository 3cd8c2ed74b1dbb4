import { expect, test } from '@playwright/test';
import { feedOf, SMALL_MIGRATIONS } from '../testing/feeds.js';
import { buildMatrix, columnNamed } from './matrix.js';
import type { Migration, MigrationMap } from './migrations.js';
import { heatCell, lossesOf, migrationMap, migrationPlatforms } from './migrations.js';

const matrix = buildMatrix(feedOf(undefined, { migrations: SMALL_MIGRATIONS }));

function mapOf(platform?: string): MigrationMap {
  const map = migrationMap(matrix, platform);
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
  expect(lossesOf(matrix, 'MMCR3')).toEqual({ lost: 5, tried: 14 });
  expect(lossesOf(matrix, 'LPCR')).toEqual({ lost: 0, tried: 14 });
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
    migrations: [{ from: elsewhere, to: elsewhere, kept: 1, lost: [] }],
  });
  expect(migrations).toEqual({ losses: [], outcomes: [], pairs: [] });
});
