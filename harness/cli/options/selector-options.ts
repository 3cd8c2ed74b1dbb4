import type { Command } from 'commander';
import { Option } from 'commander';
import { SprmatrixError } from '../../base/error.js';

/** What `run`, `npm test` and the benchmark ask about machines, besides the selectors. */
export interface MachineOptions {
  /** QEMUs to use instead of those that are found. */
  readonly qemu: readonly string[];
  /** Whether a QEMU that nobody measured is calibrated; it is unless this is false. */
  readonly calibration?: boolean | undefined;
}

/** Reads an option whose paths may be repeated or separated by commas. */
export const addPaths = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  ...value.split(','),
];

/** Collects the values of an option that may be repeated. */
export const repeated = (value: string, values: string[]): string[] => [...values, value];

/** Adds the selectors of cells and of registers; see `Selectors` and `MachineOptions`. */
export function addSelectors(command: Command): Command {
  return addQemu(addCellSelectors(command)).option(
    '--register <selector>',
    "name or glob, e.g. 'MMCR*'",
    repeated,
    [],
  );
}

/** Adds --no-calibration, for a command that judges what it records. */
export function addCalibration(command: Command): Command {
  return command.option(
    '--no-calibration',
    "run no control under a QEMU that nobody measured: what is the emulator's is not told apart",
  );
}

/** Adds --qemu. */
export function addQemu(command: Command): Command {
  return command.option(
    '--qemu <path>',
    "the QEMU to use (also SPRMATRIX_QEMU); system: this machine's own",
    repeated,
    [],
  );
}

/** Adds the selectors of cells, for a command that asks all registers or none. */
export function addCellSelectors(command: Command): Command {
  return command
    .option(
      '--kernel <selector>',
      'id, line (6.1), 6.x, semver range, latest, all, or a path: an image, package, root or kernel tree',
      repeated,
      [],
    )
    .option(
      '--platform <selector>',
      "id or glob, e.g. 'powernv*'; local or ssh:HOST: POWER hardware that is there",
      repeated,
      [],
    )
    .option(
      '--cell <kernel/platform>',
      'cells one by one, instead of --kernel and --platform',
      repeated,
      [],
    )
    .option(
      '--modules <path>',
      "the modules of a user's own kernel: a folder, or packages",
      addPaths,
    )
    .option(
      '--git <repository>',
      'where tags and branches are: stable, mainline, next, powerpc or an address (also SPRMATRIX_GIT)',
    )
    .option('--build', "build a user's own kernel tree (--kernel=/path/to/linux) first")
    .addOption(
      new Option(
        '--flavour <kvm>',
        'the KVM to ask of hardware; the default is what it has',
      ).choices(['HV', 'PR']),
    )
    .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)");
}

/** Adds --require-all: whether a cell that cannot run fails the run. */
export function addRequireAll(command: Command): Command {
  return command.option(
    '--require-all',
    'a cell that cannot run is a failure (exit 3), not a skip',
    false,
  );
}

/** A baseline holds every register: throws the usage error `BASELINE_PART` when some were chosen. */
export function requireWholeTable(registerSelectors: readonly string[]): void {
  if (registerSelectors.length === 0) return;
  throw new SprmatrixError({
    code: 'BASELINE_PART',
    kind: 'usage',
    message: `--update-baseline writes every register, but --register=${registerSelectors.join(',')} asks for some`,
    hint: 'leave out one of the two',
  });
}
