import type { Register } from '../sync/register-table.js';

/**
 * The table `times` over: ids that exist and ids that no kernel knows, in the same mixture. Copies of a
 * register are the same storage, which is what `overlaps` says; each has a name of its own.
 */
export function manyfoldTable(registers: readonly Register[], times: number): Register[] {
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const copiesOf = (name: string): string[] => copies.map((copy) => copyName(name, copy));
  return copies.flatMap((copy) =>
    registers.map((register, index) => {
      const name = copyName(register.name, copy);
      const same = [register.name, ...register.overlaps].flatMap(copiesOf);
      return {
        ...register,
        name,
        index: copy * registers.length + index,
        overlaps: same.filter((other) => other !== name),
      };
    }),
  );
}

function copyName(name: string, copy: number): string {
  return copy === 0 ? name : `${name}~${copy}`;
}
