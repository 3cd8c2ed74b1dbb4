import { Agent } from '../agent/agent.js';
import type { AgentMachineOptions, HardwareMachine } from './agent-process.js';
import { openAgentMachine } from './agent-process.js';
import type { HardwarePlatform } from './hardware.js';
import { sshFailure } from './ssh-failure.js';

/** No questions, no terminal, no connection that outlives this one, and an end to silence. */
const SSH_OPTIONS = [
  ...['-T', '-x'],
  ...['BatchMode=yes', 'ControlMaster=no', 'ClearAllForwardings=yes'].flatMap((it) => ['-o', it]),
  ...['ConnectTimeout=20', 'ServerAliveInterval=10', 'ServerAliveCountMax=3'].flatMap((it) => [
    '-o',
    it,
  ]),
];

/**
 * Starts the agent over ssh(1) on a machine with POWER hardware, and waits for its hello. It ends with
 * the connection.
 * Errors: `SSH_MISSING`, `SSH_FAILED` (ssh's own: no host, no entry), `SSH_LOST` (ended in the middle),
 * `AGENT_NOT_STARTED`, and those of `openAgentMachine`.
 */
export async function openSshMachine(
  platform: HardwarePlatform,
  options: AgentMachineOptions = {},
): Promise<HardwareMachine> {
  return openAgentMachine(
    platform,
    {
      command: (script) => ['ssh', ...SSH_OPTIONS, '--', platform.host, script],
      failure: (end, wasAgentRunning) => sshFailure(platform, end, wasAgentRunning),
      host: (channel) => new Agent(channel),
    },
    options,
  );
}
