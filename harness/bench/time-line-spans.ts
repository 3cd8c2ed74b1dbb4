import type { Figure } from './figure.js';

/** A stretch of a run, in milliseconds since its process started. */
export interface TimeLineSpan {
  /** What kind of work it is: `phase`, `machine`, `files`. */
  readonly lane: string;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Requests to the agent that were made within it, and how long one at least was under way. */
  readonly requests: number;
  readonly requestsMs: number;
}

/** An event of Chrome's trace event format, as far as it is read: times in microseconds. */
interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

type Stretch = Pick<TimeLineSpan, 'fromMs' | 'toMs'>;

/** The spans of a trace of one cell (`run --trace`), by their beginning; the agent's requests are counted in each. */
export function readTimeLine(text: string): TimeLineSpan[] {
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] };
  const lanes = new Map(
    traceEvents.flatMap(({ name, pid, tid, args }) =>
      name === 'thread_name' ? [[`${pid}.${tid}`, args?.name ?? '']] : [],
    ),
  );
  const spans = traceEvents.flatMap(({ ph, name, pid, tid, ts = 0, dur = 0 }) => {
    const lane = lanes.get(`${pid}.${tid}`) ?? '';
    return ph === 'X' ? [{ lane, name, fromMs: ts / 1000, toMs: (ts + dur) / 1000 }] : [];
  });
  const requests = spans.filter(({ lane }) => lane === 'agent');
  return spans
    .filter(({ lane }) => lane !== 'agent')
    .map((it) => {
      const within = requests.flatMap((request) => overlap(request, it));
      return { ...it, requests: within.length, requestsMs: covered(within) };
    })
    .sort((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs);
}

function overlap(a: Stretch, b: Stretch): Stretch[] {
  const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)];
  return toMs > fromMs ? [{ fromMs, toMs }] : [];
}

/** How long at least one of them lasts: requests that are sent together overlap. */
function covered(stretches: readonly Stretch[]): number {
  let [sum, until] = [0, -Infinity];
  for (const { fromMs, toMs } of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    sum += Math.max(0, toMs - Math.max(fromMs, until));
    until = Math.max(until, toMs);
  }
  return sum;
}

/** The time lines among figures: a head, and a row of each span. */
export function timeLineRows(figures: readonly Figure[]): { head: string[]; rows: string[][] } {
  return {
    head: ['time line', 'what', 'from', 'to', 'requests', 'of them'],
    rows: figures.flatMap(({ details }) =>
      ((details['spans'] ?? []) as readonly TimeLineSpan[]).map((it) => [
        `${String(details['timeLine'])}, ${String(details['cell'])}`,
        `${it.lane}: ${it.name}`,
        ...[it.fromMs, it.toMs].map(milliseconds),
        ...(it.requests === 0 ? ['', ''] : [String(it.requests), milliseconds(it.requestsMs)]),
      ]),
    ),
  };
}

function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}
