import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import type { CheckDeviation } from './deviation.js';
import { messagesOf } from './deviation.js';

/** baseline: KVM_CHECK_EXTENSION answers as on record, for what both records keep; by capability. */
export function judgeCapabilities(
  { cell, kvm }: CellRecord,
  baseline: CellRecord | undefined,
): ReadonlyMap<string, { readonly baseline: CheckDeviation }> {
  const found = new Map<string, { readonly baseline: CheckDeviation }>();
  for (const [check, wanted] of Object.entries(baseline?.kvm.capabilities ?? {})) {
    const got = kvm.capabilities[check];
    if (got === undefined || got === wanted) continue;
    const [expected, actual] = [String(wanted), String(got)];
    const texts = messagesOf(
      `${check} on ${cellName(cell)}`,
      `expected ${expected}, got ${actual} [baseline]`,
    );
    found.set(check, { baseline: { check, rule: 'baseline', expected, actual, ...texts } });
  }
  return found;
}
