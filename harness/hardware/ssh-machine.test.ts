import { readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { encodeFrame } from '../agent/frame.js';
import {
  PROTOCOL_ANSWER,
  PROTOCOL_HEADER_SIZE,
  PROTOCOL_VERSION,
  RequestType,
} from '../agent/protocol.js';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { loadHardware } from '../machine/platforms.js';
import { hardwareOf } from './hardware.js';
import type { HardwareMachine } from './agent-process.js';
import { openSshMachine } from './ssh-machine.js';

/** Plays ssh: runs its last argument, the remote command, here. */
const SHELL = `for command do :; done
eval "$command"`;

const HELLO = encodeFrame({
  type: RequestType.HELLO | PROTOCOL_ANSWER,
  sequence: 0,
  payload: Buffer.from(
    `protocol=${PROTOCOL_VERSION}\nrelease=6.1\nversion=v\nbyte-order=little\npage-size=65536\nuptime=1\n`,
  ),
});

/** An agent that says hello, which is in a file, and ends at the first request. */
const agentOf = (hello: string): string => `#!/bin/sh
cat ${hello}
head -c ${PROTOCOL_HEADER_SIZE} > /dev/null
echo 'the machine is on fire' >&2
exit 1
`;

interface Setting {
  /** The text of the program ssh, after its first line. */
  readonly ssh?: string;
  readonly agent?: string;
  readonly uname?: string;
  readonly kvm?: 'usable' | 'missing';
}

/** Opens ssh:power with a program ssh of the test's own; `there` is the far end's folder for files. */
async function withSsh<T>(
  setting: Setting,
  use: (open: () => Promise<HardwareMachine>, there: string) => Promise<T>,
): Promise<T> {
  await using bin = await temporaryFolder();
  await using there = await temporaryFolder();
  const { ssh = SHELL, uname = 'ppc64le', kvm = 'usable' } = setting;
  await writeFile(join(bin.path, 'ssh'), `#!/bin/sh\n${ssh}\n`, { mode: 0o755 });
  await writeFile(join(bin.path, 'uname'), `#!/bin/sh\necho ${uname}\n`, { mode: 0o755 });
  await writeFile(join(bin.path, 'agent'), setting.agent ?? agentOf(join(bin.path, 'hello')));
  await writeFile(join(bin.path, 'hello'), HELLO);
  await writeFile(join(bin.path, 'kvm'), '');
  const former = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
  process.env['PATH'] = `${bin.path}${delimiter}${former.PATH ?? ''}`;
  process.env['TMPDIR'] = there.path;
  try {
    const platform = hardwareOf('ssh:power', loadHardware());
    if (platform === undefined) throw new Error('ssh:HOST is no platform');
    return await use(
      async () =>
        openSshMachine(platform, {
          agent: join(bin.path, 'agent'),
          kvmPath: join(bin.path, kvm === 'usable' ? 'kvm' : 'no-kvm'),
        }),
      there.path,
    );
  } finally {
    for (const name of ['PATH', 'TMPDIR'] as const) {
      if (former[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = former[name];
    }
  }
}

/** How an open fails, as a person reads it, and that it has left nothing there. */
async function failureOf(setting: Setting): Promise<string> {
  return withSsh(setting, async (open, there) => {
    const error = await rejectionOf(open());
    expect(await readdir(there)).toEqual([]);
    return `${error.code}: ${error.describe()}`;
  });
}

test('the agent runs there without a file, and its hello is read', async () => {
  await withSsh({}, async (open, there) => {
    await using machine = await open();
    expect(machine.hello).toMatchObject({ release: '6.1', byteOrder: 'little', pageSize: 65536 });
    expect(await readdir(there)).toEqual([]);
  });
});

test('what a login shell says before is no part of it', async () => {
  await withSsh({ ssh: `echo 'Welcome, user!'\n${SHELL}` }, async (open) => {
    await using machine = await open();
    expect(machine.hello.release).toBe('6.1');
  });
});

test('a connection that ends in the middle is reported with its last words', async () => {
  await withSsh({}, async (open) => {
    await using machine = await open();
    const error = await rejectionOf(machine.host.createVm(1));
    expect([error.code, error.describe()]).toEqual([
      'SSH_LOST',
      [
        'the connection to power ended in the middle of the work (ssh: status 1)',
        '  evidence:',
        '    | the machine is on fire',
        '  again: ssh -o BatchMode=yes power uname -m',
      ].join('\n'),
    ]);
  });
});

for (const [what, words, hint] of [
  [
    'an unknown host',
    'ssh: Could not resolve hostname power: Name or service not known',
    'is the name right? It is looked up as `ssh` does, in ~/.ssh/config too',
  ],
  [
    'a refused key',
    'power: Permission denied (publickey).',
    'no question is asked (BatchMode): `ssh-add` a key that it accepts, or name another user',
  ],
  [
    'an unknown host key',
    'Host key verification failed.',
    'log in once by hand to accept its host key',
  ],
  [
    'a machine that is down',
    'ssh: connect to host power port 22: Connection refused',
    'is the machine up, and does an sshd listen there?',
  ],
] as const) {
  test(`${what} is reported in ssh's words, with what helps`, async () => {
    expect(await failureOf({ ssh: `echo '${words}' >&2; exit 255` })).toBe(
      [
        `SSH_FAILED: ${words}`,
        '  evidence:',
        `    | ${words}`,
        '  again: ssh -o BatchMode=yes power uname -m',
        `  hint: ${hint}`,
      ].join('\n'),
    );
  });
}

test('another architecture is reported with those that there may be', async () => {
  expect(await failureOf({ uname: 'x86_64' })).toBe(
    'WRONG_ARCHITECTURE: the machine is x86_64; the platform ssh:power needs ppc64le or ppc64\n  hint: take a POWER machine, or a platform that QEMU emulates (`npx sprmatrix list platforms`)',
  );
});

test('a machine without KVM is reported with what helps', async () => {
  expect(await failureOf({ kvm: 'missing' })).toBe(
    'KVM_MISSING: the machine has no /dev/kvm\n  hint: `modprobe kvm_hv` (or kvm_pr) as root there; kvm_hv needs bare metal, or a partition that may nest',
  );
});

test('an agent that cannot be executed there is reported with why', async () => {
  const text = await failureOf({ agent: '#!/nowhere/interpreter\n' });
  expect(text).toMatch(
    /^AGENT_NOT_STARTED: the agent cannot be executed there: .*\/proc\/self\/fd\/9/,
  );
  expect(text).toContain('hint: it is put into $TMPDIR (else /tmp): is that mounted noexec?');
});

test('a far end that ends before the agent is reported with its status', async () => {
  expect(await failureOf({ ssh: 'echo "mktemp: no space" >&2; exit 1' })).toContain(
    'REMOTE_FAILED: the agent could not be started there (ssh: status 1): mktemp: no space\n',
  );
});
