import type { KvmHost } from '../../agent/kvm-host.js';
import type { Migration } from '../../record/record.generated.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { registerTable } from '../../sync/register-table.js';
import { migrationOf } from './compare-guests.js';
import type { MigrationOptions } from './known-registers.js';
import { askKnownRegisters } from './known-registers.js';
import { restoreGuest } from './restore-guest.js';
import { saveGuest } from './save-guest.js';

/**
 * The migration probe within one KVM: a guest is saved and goes on on another vCPU. The result has an
 * entry for every register that ONE_REG gets. All registers are migrated, whichever are asked: what one
 * brings along is part of the answer. `skipped` are registers whose reading would stop the guest.
 */
export async function probeMigration(
  host: KvmHost,
  facts: RegisterFacts,
  options: MigrationOptions & { readonly skipped?: ReadonlySet<string> },
): Promise<Map<string, Migration>> {
  const known = await askKnownRegisters(host, facts, options);
  const saved = await saveGuest(host, known, facts, options);
  const restored = await restoreGuest(host, saved, known, facts, options);
  const migrations = new Map<string, Migration>();
  for (const register of registerTable()) {
    const fact = facts.get(register.name);
    const migration = fact && migrationOf(register, fact, saved, restored);
    if (migration !== undefined) migrations.set(register.name, migration);
  }
  return migrations;
}
