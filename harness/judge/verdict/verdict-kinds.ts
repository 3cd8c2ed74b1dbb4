/** What of a register is looked at. A verdict is the worst of them. */
export const ASPECTS = ['round-trip', 'guest', 'isolation', 'migration'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** How a kind of verdict is shown everywhere: on the page, on a terminal, in a file. */
export interface VerdictLook {
  /** One character, a different one for each kind: a table is legible without colours. */
  readonly sign: string;
  /** In a word or two, for a legend or a count: "3 kernel bug". */
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
}

/**
 * What a register in a cell comes to, the worst first. A difference is its cause's; `unexplained` is one
 * that no known issue and no design covers: news, or a bug of the harness.
 */
export const VERDICTS = {
  error: {
    sign: '!',
    name: 'harness error',
    meaning: 'the harness failed: no answer of the kernel',
  },
  unexplained: {
    sign: '?',
    name: 'unexplained',
    meaning: 'it differs from what is expected, and nothing on record says why',
  },
  kernel: { sign: 'K', name: 'kernel bug', meaning: 'it differs by a bug of the kernel' },
  configuration: {
    sign: 'C',
    name: 'configuration',
    meaning: 'it differs by what the kernel was built without',
  },
  emulator: {
    sign: 'Q',
    name: 'emulator',
    meaning: 'it differs because QEMU is not the processor; the kernel does as it should',
  },
  design: { sign: 'D', name: 'by design', meaning: 'it differs, and is meant to' },
  stored: {
    sign: 'S',
    name: 'kept for ONE_REG alone',
    meaning: 'the processor has no such register: KVM keeps what is put, and no guest sees it',
  },
  works: {
    sign: '✓',
    name: 'works',
    meaning:
      'every value put is read back, and guest, isolation and migration agree where they were asked',
  },
  absent: {
    sign: '–',
    name: 'absent',
    meaning: 'get and put are refused: EINVAL (id unknown) or ENXIO (no such facility here)',
  },
  untested: { sign: '', name: 'not asked', meaning: 'it was not asked' },
} as const satisfies Readonly<Record<string, VerdictLook>>;

export type VerdictKind = keyof typeof VERDICTS;

/** The kinds, the worst first. */
export const VERDICT_KINDS = Object.keys(VERDICTS) as readonly VerdictKind[];

/** The worst of some kinds; `untested` of none. */
export function worstOf(kinds: Iterable<VerdictKind>): VerdictKind {
  let worst = VERDICT_KINDS.length - 1;
  for (const kind of kinds) worst = Math.min(worst, VERDICT_KINDS.indexOf(kind));
  return VERDICT_KINDS[worst] ?? 'untested';
}

/** How many verdicts there are of each kind, the worst kind first; kinds that none has are left out. */
export function countKinds(kinds: Iterable<VerdictKind>): Map<VerdictKind, number> {
  const counts = new Map<VerdictKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map(
    VERDICT_KINDS.flatMap((kind) => {
      const count = counts.get(kind);
      return count === undefined ? [] : [[kind, count] as const];
    }),
  );
}

/** Counts in words: "1 kernel bug, 12 emulator, 180 works"; "nothing asked" of none. */
export function kindsText(counts: ReadonlyMap<VerdictKind, number>): string {
  const texts = [...counts].map(([kind, count]) => `${count} ${VERDICTS[kind].name}`);
  return texts.length === 0 ? 'nothing asked' : texts.join(', ');
}
