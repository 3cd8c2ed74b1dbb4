import { SnapshotStore } from '../../machine/snapshots/snapshot-store.js';
import type { ColdOption } from './cold-option.js';

/**
 * Where a command's machines are saved and restored from, unless it wants them booted: --cold, and
 * baselines, whose times are those of a boot.
 */
export function snapshotStoreOf(
  options: ColdOption & { readonly updateBaseline?: boolean },
): SnapshotStore | undefined {
  return options.cold || options.updateBaseline === true ? undefined : new SnapshotStore();
}
