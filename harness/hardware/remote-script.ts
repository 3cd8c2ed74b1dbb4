import { PROTOCOL_STDIO_OPTION } from '../agent/protocol.js';
import type { KvmAccess } from './hardware.js';

/** Begins what the script says; a login shell may say other things before. */
const REMOTE_PREFIX = 'sprmatrix-remote: ';

/** The last line before the agent: from then on the channel has frames alone. */
const READY = 'ready';

/**
 * What ssh runs there, for any POSIX shell. It says what the machine is, reads the agent (its size
 * on a line, then its bytes), and becomes the agent. The agent's file is removed before that, and by
 * the trap when anything fails: nothing is left there, whatever ends the connection.
 */
export function remoteCommand(kvmPath = '/dev/kvm'): string {
  const script = [
    `say() { echo "${REMOTE_PREFIX}$*"; }`,
    'say machine $(uname -m)',
    `if [ ! -e ${kvmPath} ]; then say kvm missing; elif [ -r ${kvmPath} ] && [ -w ${kvmPath} ]; then say kvm usable; else say kvm denied; fi`,
    `sed "s/^/${REMOTE_PREFIX}cpuinfo /" /proc/cpuinfo`,
    `say ${READY}`,
    'read -r size || exit 0',
    'umask 077',
    'folder=$(mktemp -d "${TMPDIR:-/tmp}/sprmatrix.XXXXXXXX") || exit 1',
    'trap "rm -rf \\"$folder\\"" EXIT',
    'trap "exit 1" HUP INT TERM PIPE',
    'head -c "$size" > "$folder/agent" || exit 1',
    '[ "$(wc -c < "$folder/agent")" -eq "$size" ] || exit 1',
    'chmod 700 "$folder/agent" || exit 1',
    'exec 9< "$folder/agent"',
    'rm -rf "$folder"',
    'trap - EXIT HUP INT TERM PIPE',
    `exec /proc/self/fd/9 ${PROTOCOL_STDIO_OPTION}`,
  ].join('; ');
  if (script.includes("'")) throw new Error('the script is quoted with what it has in itself');
  return `exec sh -c '${script}'`;
}

/** What the script says of its machine. */
export interface RemoteReport {
  /** `uname -m` */
  readonly machine: string;
  readonly kvm: KvmAccess;
  readonly cpuInfo: string;
}

/**
 * Reads the script's lines at the start of `output`. Undefined while they are not whole; then the
 * report and the bytes behind it.
 */
export function readReport(
  output: Buffer,
): { readonly report: RemoteReport; readonly rest: Buffer } | undefined {
  const end = `${REMOTE_PREFIX}${READY}\n`;
  const at = output.indexOf(end);
  if (at < 0) return undefined;
  const said = (subject: string): string[] =>
    output
      .toString('utf8', 0, at)
      .split('\n')
      .flatMap((line) =>
        line.startsWith(`${REMOTE_PREFIX}${subject} `)
          ? [line.slice(REMOTE_PREFIX.length + subject.length + 1)]
          : [],
      );
  const kvm = said('kvm')[0];
  return {
    report: {
      machine: said('machine')[0] ?? 'unknown',
      kvm: kvm === 'usable' || kvm === 'denied' ? kvm : 'missing',
      cpuInfo: said('cpuinfo').join('\n'),
    },
    rest: output.subarray(at + end.length),
  };
}
