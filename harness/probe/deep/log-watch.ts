import type { KvmHost } from '../../agent/kvm-host.js';
import type { StateRecord } from '../../record/record.generated.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { warningsOf } from '../hostile/kernel-log.js';
import { KernelLogReader } from '../hostile/kernel-log-reader.js';
import { StateAnswers } from '../states/state-answers.js';

/** Reads the kernel's log after each batch of calls; what it warns of is that batch's. */
export class LogWatch {
  readonly #host: KvmHost;
  readonly #reader: KernelLogReader;
  readonly #options: GuestOptions;
  readonly #answers = new StateAnswers();
  readonly #ofVms = new Set<string>();

  constructor(host: KvmHost, options: GuestOptions) {
    this.#host = host;
    this.#options = options;
    this.#reader = new KernelLogReader(options);
  }

  /**
   * Passes over what was logged before anything was asked, and says what a kernel warns of when a VM with a
   * vCPU comes and goes: of that every batch would be accused.
   */
  async begin(): Promise<void> {
    await this.#reader.read(this.#host);
    const { vm } = await createGuestVcpu(this.#host, this.#options);
    await this.#host.destroyVm(vm, { signal: this.#options.signal });
    const [first, ...more] = await this.warnings();
    this.say('vm', first, more.length);
    for (const line of [first ?? [], more].flat()) this.#ofVms.add(line);
  }

  /** The warnings since the last time, without those of VMs that come and go. */
  async warnings(): Promise<readonly string[]> {
    const lines = warningsOf(await this.#reader.read(this.#host));
    return lines.filter((line) => !this.#ofVms.has(line));
  }

  /** Says of a batch that was just asked what the kernel warned of; returns whether it did. */
  async after(batch: string): Promise<boolean> {
    const [first, ...more] = await this.warnings();
    this.say(batch, first, more.length);
    return first !== undefined;
  }

  say(item: string, warning: string | undefined, others = 0): void {
    if (warning === undefined) this.#answers.say(item, 'clean');
    else {
      const count = others === 0 ? '' : ` (and ${others} more)`;
      this.#answers.say(item, `"${warning}"${count}`, 'a clean kernel log');
    }
  }

  get record(): StateRecord {
    const { refusal } = this.#reader;
    return refusal === undefined ? this.#answers.record : { answers: {}, untested: refusal };
  }
}
