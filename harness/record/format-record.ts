import type { CellRecord, RegisterNames, RegisterRecord } from './cell-record.js';
import type { EmulatorGroup, EmulatorRange, HostileRecord } from './record.generated.js';
import { writtenRow } from './row-fields.js';

/**
 * The text of a record's file: the same record gives the same text whatever the order of its keys.
 * Each register has a line of its own, so that a diff of two files shows registers. Registers come
 * in the order of `names` (any others after them), without it in the record's own.
 */
export function formatRecord(record: CellRecord, names?: RegisterNames): string {
  const { format, cell, kernel, machine, kvm, harness, timings, hostile, states } = record;
  const sections: [name: string, text: string][] = [
    ['format', JSON.stringify(format)],
    ['cell', indented(pick(cell, ['kernel', 'platform']))],
    [
      'kernel',
      indented({
        ...pick(kernel, ['release', 'version']),
        package: kernel.package === null ? null : pick(kernel.package, ['name', 'version']),
        ...pick(kernel, ['sha256', 'byteOrder', 'pageSize']),
        ...(kernel.modules === undefined ? {} : { modules: sortedByKey(kernel.modules) }),
      }),
    ],
    ['machine', indented(pick(machine, ['qemu', 'machine', 'cpu', 'accelerator']))],
    ['kvm', indented({ flavour: kvm.flavour, capabilities: sortedByKey(kvm.capabilities) })],
  ];
  if (harness !== undefined) {
    sections.push(['harness', indented(pick(harness, ['version', 'commit']))]);
  }
  if (timings !== undefined) sections.push(['timings', indented(timings)]);
  if (hostile !== undefined) sections.push(['hostile', formatHostile(hostile)]);
  if (record.calibration !== undefined)
    sections.push(['calibration', JSON.stringify(record.calibration)]);
  if (record.emulators !== undefined)
    sections.push(['emulators', formatEmulatorRanges(record.emulators, names)]);
  if (record.deep !== undefined) sections.push(['deep', 'true']);
  if (states !== undefined) sections.push(['states', indented(states)]);
  sections.push(['registers', formatRows(record, names)]);
  return `{\n${sections.map(([name, text]) => `  "${name}": ${text}`).join(',\n')}\n}\n`;
}

/** The rows of a record in the order of `names`; rows that `names` does not have come last. */
export function orderRegisters(
  registers: CellRecord['registers'],
  names: RegisterNames = [],
): [name: string, row: RegisterRecord][] {
  const rank = new Map(names.map((name, index) => [name, index]));
  return Object.entries(registers).sort(
    ([a], [b]) => (rank.get(a) ?? names.length) - (rank.get(b) ?? names.length),
  );
}

/** A line for each check. */
function formatHostile({ checks, ...plan }: HostileRecord): string {
  const lines = Object.entries(checks).map(
    ([name, check]) => `      ${JSON.stringify(name)}: ${JSON.stringify(check)}`,
  );
  const fields = Object.entries(plan).map(
    ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  );
  return `{\n${fields.join('')}    "checks": {\n${lines.join(',\n')}\n    }\n  }`;
}

function formatRows(record: CellRecord, names: RegisterNames | undefined): string {
  const rows = orderRegisters(record.registers, names).map(
    ([name, row]) => `    ${JSON.stringify(name)}: ${JSON.stringify(writtenRow(row))}`,
  );
  return rows.length === 0 ? '{}' : `{\n${rows.join(',\n')}\n  }`;
}

/** A line for each row, check and capability that is another one under the versions of a range. */
function formatEmulatorRanges(
  ranges: readonly EmulatorRange[],
  names: RegisterNames | undefined,
): string {
  const texts = ranges.map(({ from, to, differs }) => {
    const groups = differs.map((group) => formatGroup(group, names));
    const list = groups.length === 0 ? '[]' : `[\n${groups.join(',\n')}\n      ]`;
    return `    {\n      "from": "${from}",\n      "to": "${to}",\n      "differs": ${list}\n    }`;
  });
  return texts.length === 0 ? '[]' : `[\n${texts.join(',\n')}\n  ]`;
}

function formatGroup(group: EmulatorGroup, names: RegisterNames | undefined): string {
  const lists: [name: string, lines: string[]][] = [
    [
      'registers',
      orderRegisters(group.registers ?? {}, names).map(
        ([name, row]) => `${JSON.stringify(name)}: ${JSON.stringify(writtenRow(row))}`,
      ),
    ],
    [
      'checks',
      Object.entries(group.checks ?? {}).map(
        ([name, check]) => `${JSON.stringify(name)}: ${JSON.stringify(check)}`,
      ),
    ],
    [
      'capabilities',
      Object.entries(sortedByKey(group.capabilities ?? {})).map(
        ([name, value]) => `${JSON.stringify(name)}: ${value}`,
      ),
    ],
  ];
  const members = [
    ...(group.reason === undefined ? [] : [`          "reason": ${JSON.stringify(group.reason)}`]),
    ...lists
      .filter(([, lines]) => lines.length > 0)
      .map(
        ([name, lines]) =>
          `          "${name}": {\n            ${lines.join(',\n            ')}\n          }`,
      ),
  ];
  return `        {\n${members.join(',\n')}\n        }`;
}

/** The given fields of `from`, in the order given, without those that are not there. */
function pick<T extends object>(from: T, fields: readonly (keyof T)[]): Partial<T> {
  const picked: Partial<T> = {};
  for (const field of fields) {
    if (from[field] !== undefined) picked[field] = from[field];
  }
  return picked;
}

/** JSON over several lines, as a member of the top-level object. */
function indented(value: object): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

function sortedByKey<Value>(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
