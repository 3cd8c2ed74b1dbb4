import { bitStripLines } from '../../record/bit-strip.js';
import { invocation } from '../../base/invocation.js';
import { againCommand } from '../../record/again-command.js';
import { needsReason } from '../../record/cell-record.js';
import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import type { RegisterDescription } from '../../judge/describe-register.js';
import type { RowExplanation } from '../../judge/explain-row.js';
import { sinceText } from '../../record/register-facts.js';
import { bitFieldText } from '../../record/register-fields.js';
import type { RowField } from '../../record/row-fields.js';
import { ROW_FIELD_NAMES, shownLines } from '../../record/row-fields.js';

/** A description as `sprmatrix show` prints it; `origin` is where the record is from. */
export function registerText(
  description: RegisterDescription,
  origin: string,
  kernel: Pick<CellRecord['kernel'], 'package'>,
): string {
  const { register, cell, fact, answer, reasons, knownIssues, elsewhere } = description;
  const spr = answer.spr === null ? 'no SPR' : `SPR ${answer.spr}`;
  const explaining = new Set(reasons.map(({ issue }) => issue));
  const lines = [
    `${register} (${spr}, ONE_REG ${answer.id}, ${answer.size} bits, group ${answer.group})`,
    ...(fact === undefined
      ? []
      : [
          `  what      ${fact.what}`,
          `  origin    ${fact.origin}; ONE_REG id ${sinceText(fact.since)}`,
        ]),
    `${cell.kernel} on ${cell.platform} (${origin}): ${answer.support}`,
    ...reasons.map((reason) => `  why       ${reasonText(reason)}`),
    ...(reasons.length === 0 && needsReason(answer) ? ['  why       unexplained'] : []),
    ...knownIssues
      .filter(({ id }) => !explaining.has(id))
      .map(({ id, what, source }) => `  known     ${reasonText({ issue: id, why: what, source })}`),
    ...ROW_FIELD_NAMES.flatMap((field) => [
      ...fieldLines(answer, field),
      ...(field === 'writable' ? bitLines(description) : []),
    ]),
    ...elsewhere.flatMap(({ answer: other, cells }, index) => [
      `${index === 0 ? 'elsewhere' : '         '}   ${other}`,
      ...cells.map(
        ({ kernels, platforms }) =>
          `              ${kernels.join(', ')} on ${platforms.join(', ')}`,
      ),
    ]),
    `again: ${againCommand({
      program: invocation().run,
      cells: [{ ...cell, package: kernel.package }],
      asked: [`--register=${register}`],
    })}`,
  ];
  return lines.join('\n');
}

/** A field of the answer, with its label before the first of several lines. */
function fieldLines(answer: RegisterRecord, field: RowField): string[] {
  const lines = shownLines(answer, field);
  return lines.map(({ label, text }, index) => {
    const isRepeated = index > 0 && field !== 'refused';
    return `  ${(isRepeated ? '' : `${label} `).padEnd(10)}${text}`;
  });
}

/** What the bits of the register do, one by one and by the fields that they are. */
function bitLines({ bits, fields }: RegisterDescription): string[] {
  const byState = Object.entries(fields).map(
    ([state, those]) => `${state}: ${those.map(bitFieldText).join(', ')}`,
  );
  if (bits === undefined) return labelled('fields', byState);
  const legend = '    w writable, 0 and 1 stuck, x refused, ? does not follow';
  return [...labelled('bits', [...bitStripLines(bits), legend]), ...labelled('fields', byState)];
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(10)}${line}`);
}

function reasonText({ why, source, issue }: Omit<RowExplanation, 'cause'>): string {
  return `${issue === undefined ? '' : `known issue ${issue}: `}${why} (${source})`;
}
