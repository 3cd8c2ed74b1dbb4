import { QUIET_MS } from './heartbeat.js';

/**
 * Shows the progress of one thing that takes minutes on standard error: each new phase at once, and how far
 * it is when that was not said for `QUIET_MS`. A phase is the text before its first comma ("5.10: compiling,
 * 45 %").
 */
export function plainProgress(
  print: (text: string) => void = (text) => {
    console.error(text);
  },
): (text: string) => void {
  let phase = '';
  let printedAt = -Infinity;
  return (text) => {
    const now = performance.now();
    const current = text.split(',')[0] ?? text;
    if (current === phase && now - printedAt < QUIET_MS) return;
    phase = current;
    printedAt = now;
    print(text);
  };
}
