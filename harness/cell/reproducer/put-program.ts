import type { RegisterRecord } from '../../record/cell-record.js';
import type { CProgram } from './c-program.js';
import { freshCode, ONE_REG_CODE, REPORT_CODE } from './c-program.js';
import type { Shown } from './shown.js';
import { flavourOf } from './shown.js';

/** The rules whose deviation a put and a get show by themselves: no guest has to run for it. */
export const PUT_RULES: ReadonlySet<string> = new Set(['put-lost', 'isolated']);

const GET = `
static uint64_t get(const char *name, uint64_t id)
{
	uint64_t value = 0;

	if (one_reg(KVM_GET_ONE_REG, id, &value) < 0)
		skip(name);
	return value;
}
`;

const KEEPS = `
/* Whether any bit of the register follows a put that succeeds. */
static int keeps(const char *name, uint64_t id)
{
	uint64_t before, value;

	fresh();
	before = get(name, id);
	value = before ^ 0x55;
	if (one_reg(KVM_SET_ONE_REG, id, &value) < 0)
		return report(1, name, "is refused, not lost");
	return report(get(name, id) != before, name, "follows a put that succeeds");
}
`;

const LEAVES = `
/* Whether a put of the register leaves another one as it is. */
static int leaves(const char *name, uint64_t id, const char *other, uint64_t other_id)
{
	uint64_t value, before;

	fresh();
	value = get(name, id) ^ 0x55;
	before = get(other, other_id);
	if (one_reg(KVM_SET_ONE_REG, id, &value) < 0)
		return report(1, name, "is refused");
	printf("# %s was %#llx, is %#llx\\n", other, (unsigned long long)before,
	       (unsigned long long)get(other, other_id));
	return report(get(other, other_id) == before, name, "leaves the other as it is");
}
`;

/** A put that is lost, or that changes another register; undefined where no record shows it. */
export function putProgram({ issue, records }: Shown): CProgram | undefined {
  const found = (issue.registers ?? []).flatMap((name) => {
    const record = records.find(({ registers }) => isShown(registers[name], issue.rule));
    const row = record?.registers[name];
    if (record === undefined || row === undefined) return [];
    const flavour = flavourOf(record);
    if (issue.rule === 'put-lost') return [{ flavour, check: `keeps("${name}", ${row.id}ULL)` }];
    return (row.victims ?? []).flatMap((victim) => {
      const other = record.registers[victim];
      if (other === undefined) return [];
      const check = `leaves("${name}", ${row.id}ULL, "${victim}", ${other.id}ULL)`;
      return [{ flavour, check }];
    });
  });
  const [first] = found;
  if (first === undefined) return undefined;
  return {
    headers: [],
    code: [
      freshCode(first.flavour),
      ...[REPORT_CODE, ONE_REG_CODE, GET, issue.rule === 'put-lost' ? KEEPS : LEAVES],
    ].join(''),
    checks: found.map(({ check }) => check),
  };
}

function isShown(row: RegisterRecord | undefined, rule: string): boolean {
  return rule === 'put-lost' ? row?.support === 'lost' : row?.victims !== undefined;
}
