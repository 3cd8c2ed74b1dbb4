import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A command for the terminal, with a button that copies it. */
export function Command({ text }: { readonly text: string }): JSX.Element {
  const code = useRef<HTMLElement>(null);
  const [told, setTold] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setTold('copied');
    } catch {
      // No clipboard for this page: the text is selected, so that the keys for copying work.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setTold('selected: copy it with the keyboard');
    }
  };
  return (
    <div class="command">
      <code ref={code}>{text}</code>
      <button type="button" onClick={() => void copy()}>
        Copy<span class="unseen"> the command {text}</span>
      </button>
      <span role="status">{told}</span>
    </div>
  );
}
