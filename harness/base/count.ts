/** A count with its noun: "1 deviation", "0 deviations". */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
