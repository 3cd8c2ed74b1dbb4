import type { JSX } from 'preact';
import type { ExtraField } from '../model/extra-fields.js';
import { valueText } from '../model/extra-fields.js';

interface ExtraFieldsProps {
  readonly fields: readonly ExtraField[];
  /** What fields mean, by their names. */
  readonly meanings: Readonly<Record<string, string>>;
}

/** What a later probe has added to a record, as entries of a list of facts. */
export function ExtraFields({ fields, meanings }: ExtraFieldsProps): JSX.Element {
  return (
    <>
      {fields.map(([name, value]) => [
        <dt key={`${name} name`} title={meanings[name]}>
          {name}
        </dt>,
        <dd key={name}>{valueText(value)}</dd>,
      ])}
    </>
  );
}
