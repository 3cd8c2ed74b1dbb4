import type { CellRecord, RegisterRecord } from '../record/cell-record.js';
import { isAnswered } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { HOSTILE_CHECKS } from '../record/hostile-checks.js';

/** What every baseline is made with, whichever its cell. */
export interface BaselineSetUp {
  /** The names of the capabilities that a record keeps. */
  readonly capabilities: readonly string[];
  readonly hostile: { readonly ids: number; readonly seed: number };
}

/** Capabilities without which no row of a kind could answer: the rows say that they are there. */
const NEEDED_CAPABILITIES: readonly (readonly [
  capability: string,
  isNeeded: (baseline: CellRecord) => boolean,
  why: string,
])[] = [
  [
    'KVM_CAP_ONE_REG',
    ({ registers }) => Object.values(registers).some(({ get }) => get === 'ok'),
    'registers answer',
  ],
  ['KVM_CAP_PPC_HIOR', ({ registers }) => registers['HIOR']?.get === 'ok', 'HIOR answers'],
  ['KVM_CAP_PPC_PAPR', ({ kvm }) => kvm.flavour === 'HV', 'every guest of KVM-HV is one of PAPR'],
];

/**
 * What is missing in baselines, a line each: what is not there is compared with nothing, so that a run
 * that differs there would pass. Of one kernel all baselines are of one image.
 */
export function baselineFaults(baselines: readonly CellRecord[], setUp: BaselineSetUp): string[] {
  return [
    ...baselines.flatMap((baseline) =>
      [
        ...rowFaults(baseline),
        ...hostileFaults(baseline, setUp),
        ...capabilityFaults(baseline, setUp),
      ].map((fault) => `${cellName(baseline.cell)}: ${fault}`),
    ),
    ...imageFaults(baselines),
  ];
}

function rowFaults({ kvm, registers }: CellRecord): string[] {
  return Object.entries(registers).flatMap(([name, row]) => {
    const { support } = row;
    if (!isAnswered(row)) return [`${name} is ${support}: a baseline has every answer`];
    if (support === 'absent') return [];
    const asked = [...ofTrips(row), ...(kvm.flavour === 'BookE' ? [] : OF_GUESTS)];
    return asked
      .filter((field) => row[field] === undefined)
      .map((field) => `${name} has no "${field}": it was asked`);
  });
}

/** What every row has whose register is there, on processors whose guests are asked. */
const OF_GUESTS = ['guest', 'migrates'] as const;

/** What a row has next to the mask of a register that does not keep all that is put to it. */
function ofTrips({
  support,
  writable,
  refused,
}: RegisterRecord): readonly ('exceptions' | 'digest')[] {
  const isExact = support !== 'masked' && support !== 'lost' && refused.length === 0;
  return writable === null || isExact ? [] : ['exceptions', 'digest'];
}

function hostileFaults({ hostile }: CellRecord, { hostile: plan }: BaselineSetUp): string[] {
  if (hostile === undefined) return ['it has no hostile calls'];
  const { ids, seed, checks, logUntested } = hostile;
  const isPlan = ids === plan.ids && seed === plan.seed;
  const hasDied = HOSTILE_CHECKS.some((name) => checks[name]?.died !== undefined);
  return [
    ...(isPlan
      ? []
      : [`its hostile calls are ${ids}:${seed}, which no run repeats (${plan.ids}:${plan.seed})`]),
    ...(logUntested === undefined ? [] : [`its kernel log was not read: ${logUntested}`]),
    ...HOSTILE_CHECKS.flatMap((name) => {
      const check = checks[name];
      if (check === undefined) return [`the hostile check ${name} is missing`];
      // After a death some cannot be asked any more.
      if (check.untested === undefined || hasDied) return [];
      return [`the hostile check ${name} is untested: ${check.untested}`];
    }),
  ];
}

function capabilityFaults(baseline: CellRecord, { capabilities }: BaselineSetUp): string[] {
  const there = baseline.kvm.capabilities;
  return [
    ...capabilities
      .filter((name) => there[name] === undefined)
      .map((name) => `the capability ${name} is missing`),
    ...NEEDED_CAPABILITIES.filter(
      ([name, isNeeded]) => there[name] === 0 && isNeeded(baseline),
    ).map(([name, , why]) => `the capability ${name} is 0, and ${why}`),
  ];
}

function imageFaults(baselines: readonly CellRecord[]): string[] {
  const kernels = new Map<string, Map<string, string[]>>();
  for (const { cell, kernel } of baselines) {
    const images = kernels.get(cell.kernel) ?? new Map<string, string[]>();
    kernels.set(cell.kernel, images);
    const image = kernel.sha256 ?? 'unknown';
    images.set(image, [...(images.get(image) ?? []), cell.platform]);
  }
  return [...kernels].flatMap(([kernel, images]) => {
    if (images.size === 1) return [];
    const each = [...images]
      .map(([image, platforms]) => `${image.slice(0, 12)} (${platforms.join(', ')})`)
      .join(' and ');
    return [`${kernel}: its baselines are of ${images.size} images: ${each}; record them again`];
  });
}
