import type { Hello, KvmHost } from '../agent/kvm-host.js';
import type { MachineIdentity } from './cpu-info.js';

/** A machine with POWER hardware whose KVM can be asked. `await using` ends what was started there. */
export interface HardwareMachine extends AsyncDisposable {
  readonly host: KvmHost;
  readonly hello: Hello;
  readonly identity: MachineIdentity;
}
