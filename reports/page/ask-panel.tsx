import type { JSX } from 'preact';
import type { Mine } from '../model/view.js';
import { isSaid, NOT_SAID } from '../model/view.js';
import { AskAnswer } from './ask-answer.js';
import { useReport } from './report-context.js';

/** What a reader has and wants: the table shows those cells alone, and words above it say the most of them. */
export function AskPanel(): JSX.Element {
  const { matrix, view, go } = useReport();
  const { mine } = view;
  const { kernels, platforms } = matrix.feed;
  const set = (change: Partial<Mine>): void => {
    go({ mine: { ...mine, ...change } });
  };
  const choice = (
    label: string,
    field: keyof Mine,
    none: string,
    choices: readonly { readonly id: string; readonly text: string }[],
  ): JSX.Element => (
    <label class="field">
      <span>{label}</span>
      <select
        aria-label={label}
        class={mine[field] === undefined ? '' : 'active'}
        value={mine[field] ?? ''}
        onChange={({ currentTarget: { value } }) => {
          set({ [field]: value === '' ? undefined : value });
        }}
      >
        <option value="">{none}</option>
        {choices.map(({ id, text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const kernelChoices = kernels.map(({ id }) => ({ id, text: id }));
  return (
    <section class="ask" aria-label="Of interest">
      <form
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {choice('My kernel', 'kernel', 'any', kernelChoices)}
        {choice(
          'My platform',
          'platform',
          'any',
          platforms.map(({ id, title }) => ({ id, text: `${id} (${title})` })),
        )}
        {choice('Migrate to', 'target', 'nowhere', kernelChoices)}
        {isSaid(mine) && (
          <button
            type="button"
            onClick={() => {
              go({ mine: NOT_SAID });
            }}
          >
            Every kernel and platform
          </button>
        )}
      </form>
      <AskAnswer />
    </section>
  );
}
