/** How many random ids the hostile probe asks for, and what they are made from. */
export interface HostilePlan {
  readonly ids: number;
  readonly seed: number;
}

/** What every cell is asked, so that records of one cell are alike. */
export const DEFAULT_HOSTILE: HostilePlan = { ids: 1000, seed: 1 };

/** 100,000 ids take a cell some seconds; more is a matter of another seed. */
const IDS_MAX = 1_000_000;
const SEED_MAX = 0xffff_ffff;

/** A plan as people write it, `N` or `N:SEED`; undefined for anything else. 0 is no probe at all. */
export function parseHostilePlan(text: string): HostilePlan | undefined {
  const [, ids, seed] = /^(\d{1,7})(?::(\d{1,10}))?$/.exec(text) ?? [];
  const plan = { ids: Number(ids), seed: Number(seed ?? DEFAULT_HOSTILE.seed) };
  return ids !== undefined && plan.ids <= IDS_MAX && plan.seed <= SEED_MAX ? plan : undefined;
}
