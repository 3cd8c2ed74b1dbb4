import { SprmatrixError } from '../base/error.js';
import type { AgentEnd } from './agent-process.js';
import type { HardwarePlatform } from './hardware.js';

/** ssh's own failures (ssh(1), EXIT STATUS); everything else is the status of what ran there. */
const SSH_STATUS = 255;
/** A shell's statuses for a program that it could not run. */
const NOT_RUN = new Set<number | undefined>([126, 127]);

/** What helps, by what ssh says. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /could not resolve hostname/i,
    'is the name right? It is looked up as `ssh` does, in ~/.ssh/config too',
  ],
  [/host key verification failed/i, 'log in once by hand to accept its host key'],
  [
    /permission denied/i,
    'no question is asked (BatchMode): `ssh-add` a key that it accepts, or name another user',
  ],
  [
    /connection (refused|timed out)|no route to host/i,
    'is the machine up, and does an sshd listen there?',
  ],
];

/** The error that an end of ssh is, before or after the agent's hello. */
export function sshFailure(
  { host }: Pick<HardwarePlatform, 'host'>,
  end: AgentEnd,
  wasAgentRunning: boolean,
): SprmatrixError {
  const { code, signal, stderr } = end;
  const how = signal ?? `status ${String(code)}`;
  const last = stderr.at(-1);
  const reproduce = `ssh -o BatchMode=yes ${host} uname -m`;
  const common = { evidence: stderr, reproduce };
  if (end.isMissing) {
    return new SprmatrixError({
      code: 'SSH_MISSING',
      message: 'there is no program ssh',
      hint: 'apt-get install openssh-client',
    });
  }
  if (wasAgentRunning) {
    return new SprmatrixError({
      code: 'SSH_LOST',
      message: `the connection to ${host} ended in the middle of the work (ssh: ${how})`,
      ...common,
    });
  }
  if (code === SSH_STATUS) {
    return new SprmatrixError({
      code: 'SSH_FAILED',
      message: last ?? 'ssh failed and said nothing',
      ...common,
      hint: HINTS.find(([pattern]) => stderr.some((line) => pattern.test(line)))?.[1],
    });
  }
  if (NOT_RUN.has(code)) {
    return new SprmatrixError({
      code: 'AGENT_NOT_STARTED',
      message: `the agent cannot be executed there: ${last ?? how}`,
      ...common,
      hint: 'it is put into $TMPDIR (else /tmp): is that mounted noexec? Set TMPDIR there, e.g. in ~/.bashrc',
    });
  }
  return new SprmatrixError({
    code: 'REMOTE_FAILED',
    message: `the agent could not be started there (ssh: ${how})${last === undefined ? '' : `: ${last}`}`,
    ...common,
  });
}
