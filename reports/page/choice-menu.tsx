import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** One thing that can be chosen. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label?: ComponentChildren;
}

interface ChoiceMenuProps<T extends string> {
  /** What is chosen here, e.g. "Group". */
  readonly title: string;
  readonly choices: readonly Choice<T>[];
  /** None of them means all. */
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
}

/** A menu of check boxes. Escape and a click elsewhere close it. */
export function ChoiceMenu<T extends string>(props: ChoiceMenuProps<T>): JSX.Element {
  const { title, choices, chosen, onChange } = props;
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeOutside = ({ target }: Event): void => {
      const { current } = menu;
      if (current !== null && target instanceof Node && !current.contains(target)) {
        current.open = false;
      }
    };
    addEventListener('pointerdown', closeOutside);
    addEventListener('focusin', closeOutside);
    return () => {
      removeEventListener('pointerdown', closeOutside);
      removeEventListener('focusin', closeOutside);
    };
  }, []);
  const close = ({ key }: KeyboardEvent): void => {
    const { current } = menu;
    if (key !== 'Escape' || current?.open !== true) return;
    current.open = false;
    current.querySelector('summary')?.focus();
  };
  const toggle = (value: T): void => {
    onChange(
      choices
        .map((choice) => choice.value)
        .filter((candidate) => (candidate === value) !== chosen.includes(candidate)),
    );
  };
  return (
    <details class="menu" ref={menu} onKeyDown={close}>
      <summary class={chosen.length > 0 ? 'active' : ''}>
        <span class="menu-title">{title}</span>{' '}
        <span class="menu-chosen">
          {chosen.length === 0
            ? 'all'
            : chosen.length > 2
              ? `${chosen.length} of ${choices.length}`
              : chosen.join(', ')}
        </span>
      </summary>
      <fieldset>
        <legend class="unseen">{title}</legend>
        {choices.map(({ value, label }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() => {
                toggle(value);
              }}
            />
            {label ?? value}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
