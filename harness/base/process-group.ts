/**
 * Signals a process group, by its leader's pid (of a child that was started `detached`); that all of it has ended
 * is no fault.
 */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // all of them have ended
  }
}
