import { bitStripLines } from '../../record/bit-strip.js';
import { cellOptions, needsReason } from '../../record/cell-record.js';
import { guestAnswerText, migrationText } from '../../record/compare-rows.js';
import type { RegisterDescription } from '../../judge/describe-register.js';
import type { RowExplanation } from '../../judge/explain-row.js';
import { sinceText } from '../../record/register-facts.js';
import { fieldText } from '../../record/register-fields.js';

/** A description as `sprmatrix show` prints it; `origin` is where the record is from. */
export function registerText(description: RegisterDescription, origin: string): string {
  const { register, cell, fact, answer, bits, reasons, knownIssues, elsewhere } = description;
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
    `  get       ${answer.get ?? 'not asked'}`,
    `  put back  ${answer.put ?? 'not asked'}`,
    `  fresh     ${answer.reset ?? '-'}`,
    `  writable  ${answer.writable ?? '-'}`,
    ...(bits === undefined
      ? []
      : labelled('bits', [
          ...bitStripLines(bits),
          '    w writable, 0 and 1 stuck, x refused, ? does not follow',
        ])),
    ...labelled('fields', fieldLines(description)),
    ...answer.refused.map(
      ({ errno, value, bits: single }) =>
        `  refused   ${value} with ${errno}; single bits ${single}`,
    ),
    ...(answer.aliases === undefined ? [] : [`  answers as ${answer.aliases.join(', ')}`]),
    ...(answer.victims === undefined
      ? []
      : [`  changes   ${answer.victims.join(', ')} when it is put`]),
    ...(answer.guest === undefined
      ? []
      : [
          `  guest     reads it: ${guestAnswerText(answer.guest.read)}`,
          `            writes it: ${guestAnswerText(answer.guest.write)}`,
        ]),
    ...(answer.migrates === undefined ? [] : [`  migrates  ${migrationText(answer.migrates)}`]),
    ...(answer.note === undefined ? [] : [`  note      ${answer.note}`]),
    ...elsewhere.flatMap(({ answer: other, cells }, index) => [
      `${index === 0 ? 'elsewhere' : '         '}   ${other}`,
      ...cells.map(
        ({ kernels, platforms }) =>
          `              ${kernels.join(', ')} on ${platforms.join(', ')}`,
      ),
    ]),
    `again: npx sprmatrix run ${cellOptions({ cell })} --register=${register}`,
  ];
  return lines.join('\n');
}

function fieldLines({ fields }: RegisterDescription): string[] {
  return Object.entries(fields).map(
    ([state, those]) => `${state}: ${those.map(fieldText).join(', ')}`,
  );
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(10)}${line}`);
}

function reasonText({ why, source, issue }: RowExplanation): string {
  return `${issue === undefined ? '' : `known issue ${issue}: `}${why} (${source})`;
}
