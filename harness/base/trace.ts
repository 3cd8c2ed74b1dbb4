import { AsyncLocalStorage } from 'node:async_hooks';
import { writeFileAtomic } from './files.js';

/** What a span says next to its name, as a viewer shows it. */
export type TraceDetails = Readonly<Record<string, string | number>>;

/** A span of Chrome's trace event format ("X"): times in microseconds since the process started. */
interface TraceEvent {
  readonly ph: 'X';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args?: TraceDetails;
}

/** What is traced, and how it names the two rows of a span: whose it is, and what kind of work. */
interface Trace {
  readonly events: TraceEvent[];
  readonly tracks: string[];
  readonly lanes: string[];
}

let current: Trace | undefined;
const tracks = new AsyncLocalStorage<string>();

/**
 * Begins to keep spans; before that, and without it, they cost next to nothing. The first one is what passed
 * since the process started.
 */
export function startTrace(): void {
  current = { events: [], tracks: [], lanes: [] };
  begin(current, { lane: 'phase', name: 'start', startedAt: 0 })();
}

/** Runs `work` with its spans, also those of what it starts, on a track of that name: a cell. */
export async function onTrack<T>(track: string, work: () => Promise<T>): Promise<T> {
  return current === undefined ? work() : tracks.run(track, work);
}

/**
 * Begins a span on the track of whoever calls, in a lane of it (`phase`, `agent`, `files`); the function that
 * comes back ends it.
 */
export function span(lane: string, name: string, args?: TraceDetails): () => void {
  const trace = current;
  if (trace === undefined) return () => undefined;
  return begin(trace, { lane, name, startedAt: performance.now(), args });
}

interface Begun {
  readonly lane: string;
  readonly name: string;
  /** As `performance.now()` says it. */
  readonly startedAt: number;
  readonly args?: TraceDetails | undefined;
}

function begin(trace: Trace, { lane, name, startedAt, args }: Begun): () => void {
  const pid = numberOf(trace.tracks, tracks.getStore() ?? 'run');
  const tid = numberOf(trace.lanes, lane);
  return () => {
    const ts = Math.round(startedAt * 1000);
    const dur = Math.round((performance.now() - startedAt) * 1000);
    trace.events.push({ ph: 'X', name, pid, tid, ts, dur, ...(args && { args }) });
  };
}

/** Runs `work` as a span. */
export async function traced<T>(lane: string, name: string, work: () => Promise<T>): Promise<T> {
  const end = span(lane, name);
  try {
    return await work();
  } finally {
    end();
  }
}

/**
 * Writes what was traced, as Chrome's trace event format (chrome://tracing, ui.perfetto.dev): a process for each
 * track, a thread for each lane. Nothing when nothing is traced.
 */
export async function writeTrace(path: string): Promise<void> {
  if (current === undefined) return;
  const { events, tracks: names, lanes } = current;
  const name = (pid: number, tid: number, kind: string, value: string): object => ({
    ...{ ph: 'M', name: kind, pid, tid },
    args: { name: value },
  });
  const traceEvents = [
    ...names.flatMap((track, pid) => [
      name(pid, 0, 'process_name', track),
      ...lanes.map((lane, tid) => name(pid, tid, 'thread_name', lane)),
    ]),
    ...events,
  ];
  await writeFileAtomic(path, `${JSON.stringify({ traceEvents, displayTimeUnit: 'ms' })}\n`);
}

function numberOf(names: string[], name: string): number {
  const index = names.indexOf(name);
  return index >= 0 ? index : names.push(name) - 1;
}
