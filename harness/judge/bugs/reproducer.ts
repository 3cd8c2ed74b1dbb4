import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import type { KnownIssue } from '../known-issues.generated.js';

/** A register of a kernel bug as a cell's record has it, and the registers that a put of it changes. */
interface ShownRegister {
  readonly name: string;
  readonly row: RegisterRecord;
  readonly others: readonly { readonly name: string; readonly row: RegisterRecord }[];
}

/** The rules whose deviation a put and a get show by themselves: no guest has to run for it. */
const RULES_OF_PUTS: ReadonlySet<string> = new Set(['put-lost', 'isolated']);

/**
 * One self-contained C file that shows a kernel bug by KVM's own interface: TAP on standard output, exit code 0
 * where it is fixed, 1 where it shows, 4 where it cannot be asked. Made of the rows of the cells whose records
 * show it: which register is put, and which must not change. Undefined for a bug that needs a running guest, or
 * that no record shows.
 */
export function reproducerOf(
  id: string,
  issues: readonly KnownIssue[],
  records: readonly CellRecord[],
): string | undefined {
  const mine = issues.filter(
    (issue) => (issue.id === id || issue.bug === id) && RULES_OF_PUTS.has(issue.rule),
  );
  const shown = mine.flatMap((issue) => shownRegisters(issue, records));
  const [first] = mine;
  if (first === undefined || shown.length === 0) return undefined;
  return sourceText(id, first, shown);
}

function shownRegisters(issue: KnownIssue, records: readonly CellRecord[]): ShownRegister[] {
  return (issue.registers ?? []).flatMap((name) => {
    for (const { registers } of records) {
      const row = registers[name];
      if (row === undefined) continue;
      const isShown =
        issue.rule === 'put-lost' ? row.support === 'lost' : row.victims !== undefined;
      if (!isShown) continue;
      const others = (row.victims ?? []).flatMap((victim) => {
        const other = registers[victim];
        return other === undefined ? [] : [{ name: victim, row: other }];
      });
      return [{ name, row, others: issue.rule === 'isolated' ? others : [] }];
    }
    return [];
  });
}

function sourceText(
  id: string,
  { what, source }: KnownIssue,
  shown: readonly ShownRegister[],
): string {
  const steps = shown.flatMap(({ name, row, others }) =>
    others.length === 0
      ? [`\tresult |= keeps("${name}", ${row.id}ULL);`]
      : others.map(
          (other) =>
            `\tresult |= leaves("${name}", ${row.id}ULL, "${other.name}", ${other.row.id}ULL);`,
        ),
  );
  return `// SPDX-License-Identifier: MIT
/*
 * ${id}: ${wrapped(what)}
 * ${wrapped(source)}
 * cc -o ${id} ${id}.c && ./${id}  (a ppc64 host with /dev/kvm; 0: fixed, 1: shown, 4: skipped)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

static int vcpu, tests;

/* All registers are carried in 64 bits; the kernel reads as many of their bytes as the id says. */
static int one_reg(unsigned long request, uint64_t id, uint64_t *value)
{
	unsigned char bytes[256] = { 0 };
	size_t size = 1u << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
	uint32_t word = (uint32_t)*value;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)bytes };

	memcpy(bytes, size == 4 ? (void *)&word : (void *)value, size == 4 ? 4 : 8);
	if (ioctl(vcpu, request, &reg) < 0)
		return -errno;
	memcpy(&word, bytes, 4);
	if (size == 4)
		*value = word;
	else
		memcpy(value, bytes, 8);
	return 0;
}

static void skip(const char *why)
{
	printf("1..0 # SKIP %s: %s\\n", why, strerror(errno));
	exit(4);
}

static uint64_t get(uint64_t id, const char *name)
{
	uint64_t value = 0;
	int result = one_reg(KVM_GET_ONE_REG, id, &value);

	errno = -result;
	if (result < 0)
		skip(name);
	return value;
}

static int report(int is_ok, const char *what, const char *name)
{
	printf("%s %d - %s %s\\n", is_ok ? "ok" : "not ok", ++tests, name, what);
	return !is_ok;
}

/* Whether any bit of the register follows a put that succeeds. */
static inline int keeps(const char *name, uint64_t id)
{
	uint64_t before = get(id, name), value = before ^ 0x55;

	if (one_reg(KVM_SET_ONE_REG, id, &value) < 0)
		return report(1, "is refused, not lost", name);
	return report(get(id, name) != before, "follows a put that succeeds", name);
}

/* Whether a put of the register leaves another one as it is. */
static inline int leaves(const char *name, uint64_t id, const char *other, uint64_t other_id)
{
	uint64_t value = get(id, name), before = get(other_id, other);

	value ^= 0x55;
	if (one_reg(KVM_SET_ONE_REG, id, &value) < 0)
		return report(1, "is refused", name);
	printf("# %s was %#llx, is %#llx\\n", other, (unsigned long long)before,
	       (unsigned long long)get(other_id, other));
	return report(get(other_id, other) == before, "leaves the other as it is", name);
}

int main(void)
{
	int result = 0, vm, kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		skip("/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		skip("KVM_CREATE_VM");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0)
		skip("KVM_CREATE_VCPU");
	printf("TAP version 13\\n1..${steps.length}\\n");
${steps.join('\n')}
	return result;
}
`;
}

/** A sentence in lines of a comment. */
function wrapped(text: string): string {
  return text
    .replaceAll('*/', '* /')
    .replaceAll(/(.{1,88})(?: |$)/g, '$1\n *   ')
    .replace(/\n \* +$/, '');
}
