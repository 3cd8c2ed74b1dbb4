import { accessSync, constants, existsSync } from 'node:fs';
import { machine as machineName } from 'node:os';
import { Agent } from '../agent/agent.js';
import type { AgentChannel } from '../agent/agent-channel.js';
import { SprmatrixError } from '../base/error.js';
import { agentPath } from '../machine/agent-binary.js';
import { library } from '../sync/library.js';
import type { AgentEnd, AgentMachineOptions, HardwareMachine } from './agent-process.js';
import { agentMissing, openAgentMachine } from './agent-process.js';
import type { HardwarePlatform, KvmAccess } from './hardware.js';
import { architectureOf, requireKvm } from './hardware.js';
import { RegisterKvm } from './register-kvm.js';

/** What tests put in the place of this machine's own. */
export interface LocalParts extends AgentMachineOptions {
  /** What `uname -m` says. */
  readonly machine?: string;
}

/**
 * Throws what is against asking this machine: `WRONG_ARCHITECTURE`, `KVM_MISSING`, `KVM_DENIED`,
 * `AGENT_MISSING`, and the errors of `library`.
 */
export function checkLocalMachine(
  platform: Pick<HardwarePlatform, 'id' | 'hardware'>,
  { machine = machineName(), kvmPath = '/dev/kvm', agent }: LocalParts = {},
): void {
  const { byteOrder } = architectureOf(platform, machine);
  requireKvm(accessTo(kvmPath));
  library();
  if (!existsSync(agent ?? agentPath(byteOrder))) throw agentMissing(byteOrder);
}

/**
 * The machine that this process runs on. ONE_REG calls on vCPUs that nothing else happens to are made in
 * process, by libsprsync; the agent, at the other end of a pipe, does everything else.
 * Errors: those of `checkLocalMachine` and `openAgentMachine`, `AGENT_NOT_STARTED`, `AGENT_LOST`.
 */
export async function openLocalMachine(
  platform: HardwarePlatform,
  parts: LocalParts = {},
): Promise<HardwareMachine> {
  checkLocalMachine(platform, parts);
  const registers = new RegisterKvm(parts.kvmPath);
  return openAgentMachine(
    platform,
    {
      command: (script) => ['sh', '-c', script],
      failure: localFailure,
      host: (channel) => new LocalHost(channel, registers),
      close: () => {
        registers.close();
      },
    },
    parts,
  );
}

/** This machine's agent, next to the calls in process. */
class LocalHost extends Agent {
  constructor(
    channel: AgentChannel,
    override readonly registers: RegisterKvm,
  ) {
    super(channel);
  }
}

function localFailure(
  { code, signal, stderr }: AgentEnd,
  wasAgentRunning: boolean,
): SprmatrixError {
  const how = signal ?? `status ${String(code)}`;
  if (wasAgentRunning) {
    return new SprmatrixError({
      code: 'AGENT_LOST',
      message: `the agent ended in the middle of the work (${how})`,
      evidence: stderr,
    });
  }
  return new SprmatrixError({
    code: 'AGENT_NOT_STARTED',
    message: `the agent could not be started (${how}): ${stderr.at(-1) ?? 'it said nothing'}`,
    evidence: stderr,
    hint: 'it is put into $TMPDIR (else /tmp): is that mounted noexec?',
  });
}

function accessTo(path: string): KvmAccess {
  if (!existsSync(path)) return 'missing';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch {
    return 'denied'; // it is there, and accessSync says no
  }
}
