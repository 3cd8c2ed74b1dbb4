import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { WorkClock } from '../base/deadline.js';

/** What is cumulative since the start of the process or of the machine, in milliseconds. */
interface Sample {
  readonly at: number;
  /** By thread: how long it was ready to run and waited for a processor. */
  readonly waits: ReadonlyMap<string, number>;
  /** Of all processors: taken by the hypervisor below, and in all. */
  readonly stolen: number;
  readonly total: number;
}

/** Next to a budget's seconds it is nothing, and a cell's requests come in milliseconds. */
const RECENT_MS = 50;

/**
 * How long a QEMU was kept from working: the time that its most patient thread waited for a processor
 * (/proc/PID/task/TID/schedstat, second field, in ns; sched_info.run_delay of kernel/sched/stats.h), the time
 * for which it was stopped (state T), and the share of time that the hypervisor below took from this machine
 * (`steal` of /proc/stat). A QEMU that is idle or loops is not kept from anything.
 */
export class EmulatorClock implements WorkClock {
  readonly #pid: number;
  readonly #proc: string;
  #last: Sample;
  #deniedMs = 0;
  #stolenShare = 0;
  #wasStopped = false;

  constructor(pid: number, proc = '/proc') {
    this.#pid = pid;
    this.#proc = proc;
    this.#last = this.#sample();
  }

  recentlyDeniedMs(): number {
    return performance.now() - this.#last.at < RECENT_MS ? this.#deniedMs : this.deniedMs();
  }

  deniedMs(): number {
    const now = this.#sample();
    const elapsed = now.at - this.#last.at;
    const waited = Math.max(
      0,
      ...[...now.waits].map(([thread, ms]) => ms - (this.#last.waits.get(thread) ?? 0)),
    );
    const total = now.total - this.#last.total;
    const share = total > 0 ? (now.stolen - this.#last.stolen) / total : 0;
    this.#wasStopped = this.#isStopped();
    const denied = this.#wasStopped ? elapsed : waited + share * elapsed;
    this.#deniedMs += Math.min(elapsed, denied);
    if (total > 0) this.#stolenShare = share;
    this.#last = now;
    return this.#deniedMs;
  }

  whyDenied(): string {
    if (this.#wasStopped) return 'it was stopped by a signal';
    const [load = 0] = loadavg();
    const stolen = Math.round(100 * this.#stolenShare);
    return `load ${load.toFixed(1)} on ${availableParallelism()} processors${stolen > 0 ? `, ${stolen} % of them stolen` : ''}`;
  }

  #sample(): Sample {
    const [, ...jiffies] = this.#read('stat').split('\n', 1)[0]?.split(/\s+/).map(Number) ?? [];
    // user nice system idle iowait irq softirq steal; guest times are part of user and nice.
    const counted = jiffies.slice(0, 8);
    return {
      at: performance.now(),
      waits: this.#waits(),
      stolen: counted[7] ?? 0,
      total: counted.reduce((sum, value) => sum + value, 0),
    };
  }

  #waits(): ReadonlyMap<string, number> {
    const folder = `${this.#pid}/task`;
    return new Map(
      this.#list(folder).map((thread) => {
        const [, waitedNs = 0] = this.#read(`${folder}/${thread}/schedstat`).split(' ').map(Number);
        return [thread, waitedNs / 1e6];
      }),
    );
  }

  /** The state follows the name, which may hold anything, in parentheses. */
  #isStopped(): boolean {
    const stat = this.#read(`${this.#pid}/stat`);
    return /^ [Tt] /.test(stat.slice(stat.lastIndexOf(')') + 1));
  }

  #list(path: string): string[] {
    try {
      return readdirSync(`${this.#proc}/${path}`);
    } catch {
      return []; // the process or the thread has ended
    }
  }

  #read(path: string): string {
    try {
      return readFileSync(`${this.#proc}/${path}`, 'utf8');
    } catch {
      return ''; // the process or the thread has ended, or this kernel keeps no such figures
    }
  }
}
