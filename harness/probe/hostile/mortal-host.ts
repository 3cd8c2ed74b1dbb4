import type { KvmHost } from '../../agent/kvm-host.js';
import { messageOf, SprmatrixError } from '../../base/error.js';
import type { HostileCheck, RegisterRecord } from '../../record/record.generated.js';
import type { HostileCheckName } from '../../record/hostile-checks.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import type { Answers } from './answers.js';
import type { FreshVcpu } from './hostile-vcpu.js';
import { lastWords, warningsOf } from './kernel-log.js';
import { KernelLogReader } from './kernel-log-reader.js';
import { getAll } from './vcpu-checks.js';

/** A check of the hostile probe. */
export interface Check {
  readonly name: HostileCheckName;
  /** Makes the calls; a text says why they are not made. */
  readonly ask: (vcpu: FreshVcpu) => Promise<Answers | string>;
  /** Of a check that asks what others have left behind: those others. */
  readonly looksBackOn?: readonly HostileCheckName[];
}

export interface MortalOptions extends GuestOptions {
  /** What the host said last, when a request has failed; without it, the error's evidence is that. */
  readonly lastWords?: (() => readonly string[]) | undefined;
  /**
   * Ends a host that died, and gives another whose KVM is open; where there is none, nothing is asked
   * after a death.
   */
  readonly replaceHost?: (() => Promise<KvmHost>) | undefined;
}

/** No death of the host: the user's wish, a machine without a processor, and what is a fault of the harness. */
const NO_DEATHS: readonly string[] = [
  ...['ABORTED', 'STARVED'],
  ...['AGENT_PROTOCOL', 'SPRSYNC_VALUE', 'SPRSYNC_WIRE'],
];

/**
 * A host that may die of a check, on one vCPU for all checks. The check that follows a death is made on a
 * fresh vCPU of the host that takes its place; a host takes no place before there is a check to make.
 */
export class MortalHost {
  readonly log: KernelLogReader;
  readonly #rows: ReadonlyMap<string, RegisterRecord>;
  readonly #options: MortalOptions;
  #host: KvmHost;
  #vcpu: FreshVcpu | undefined;
  /** The checks that were made on this vCPU. */
  readonly #asked = new Set<HostileCheckName>();
  #lastDeath: HostileCheckName | undefined;
  #isDead = false;
  #whyLast: string | undefined;

  constructor(host: KvmHost, rows: ReadonlyMap<string, RegisterRecord>, options: MortalOptions) {
    this.#host = host;
    this.#rows = rows;
    this.#options = options;
    this.log = new KernelLogReader(options);
  }

  /**
   * What a check came to, be it the host's death. A check that looks back on others is untested where none
   * of them was made on the same vCPU. Errors: an abort, and what is a fault of the harness.
   */
  async ask(check: Check): Promise<HostileCheck> {
    const untested = this.#whyNot(check) ?? (await this.#whyNoHost());
    if (untested !== undefined) return { answers: {}, untested };
    try {
      this.#vcpu ??= await this.#createVcpu();
      const answers = await check.ask(this.#vcpu);
      const warnings = warningsOf(await this.log.read(this.#host));
      if (typeof answers !== 'string') this.#asked.add(check.name);
      return toCheck(answers, warnings);
    } catch (error) {
      if (!isFailedRequest(error)) throw error;
      this.#isDead = true;
      this.#lastDeath = check.name;
      this.#vcpu = undefined;
      this.#asked.clear();
      const evidence = this.#options.lastWords?.() ?? error.evidence;
      return { answers: {}, died: { how: deathText(error.message), console: lastWords(evidence) } };
    }
  }

  #whyNot({ looksBackOn }: Check): string | undefined {
    const { replaceHost } = this.#options;
    if (this.#lastDeath === undefined || looksBackOn === undefined) return undefined;
    if (replaceHost === undefined || this.#whyLast !== undefined) return undefined;
    return looksBackOn.some((name) => this.#asked.has(name))
      ? undefined
      : `the host died in ${this.#lastDeath}, and nothing that this looks back on was asked of another`;
  }

  /** Why there is no host to ask, after another was tried to be had. */
  async #whyNoHost(): Promise<string | undefined> {
    if (!this.#isDead || this.#lastDeath === undefined) return undefined;
    if (this.#whyLast !== undefined) return this.#whyLast;
    const death = `the host died in ${this.#lastDeath}`;
    const { replaceHost } = this.#options;
    if (replaceHost === undefined) return (this.#whyLast = death);
    try {
      this.#host = await replaceHost();
      this.#isDead = false;
      return undefined;
    } catch (error) {
      if (!isFailedRequest(error)) throw error;
      return (this.#whyLast = `${death}, and no other took its place: ${messageOf(error)}`);
    }
  }

  async #createVcpu(): Promise<FreshVcpu> {
    // What was logged before is no matter of this probe.
    await this.log.read(this.#host);
    const [host, rows, options] = [this.#host, this.#rows, this.#options];
    const vcpu = { ...(await createGuestVcpu(host, options)), host, rows, options };
    return { ...vcpu, before: await getAll(vcpu) };
  }
}

function isFailedRequest(error: unknown): error is SprmatrixError {
  return error instanceof SprmatrixError && !NO_DEATHS.includes(error.code);
}

/** How a host died, without the cell's name that messages begin with: two cells may die alike. */
function deathText(message: string): string {
  return message.replace(/^[^\s/]+\/[^\s/]+: /, '');
}

function toCheck(answers: Answers | string, warnings: readonly string[]): HostileCheck {
  const check =
    typeof answers === 'string' ? { answers: {}, untested: answers } : answers.toRecord();
  const [first, ...more] = warnings;
  return first === undefined ? check : { ...check, log: [first, ...more] };
}
