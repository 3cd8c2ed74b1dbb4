import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { Matrix } from '../model/matrix.js';
import type { Page, ParsedAddress, View } from '../model/view.js';
import { formatAddress, parseAddress } from '../model/view.js';

/** What every part of the page can see and do. */
export interface Report {
  readonly matrix: Matrix;
  readonly view: View;
  /** What the address names and the report does not have. */
  readonly unknown: readonly string[];
  /** Shows another view; `replace` makes no step of its own for the browser's Back. */
  readonly go: (change: Partial<View>, options?: { replace?: boolean }) => void;
  /** The address of a page, with the filters of now. */
  readonly addressOf: (page: Page) => string;
}

export const ReportContext = createContext<Report | undefined>(undefined);

export function useReport(): Report {
  const report = useContext(ReportContext);
  if (report === undefined) throw new Error('no report around this component');
  return report;
}

/** The view that stands in the address, kept up with it. */
export function useAddress(matrix: Matrix): Report {
  const [parsed, setParsed] = useState<ParsedAddress>(() => parseAddress(location.hash, matrix));
  useEffect(() => {
    const read = (): void => {
      setParsed(parseAddress(location.hash, matrix));
    };
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('hashchange', read);
    };
  }, [matrix]);
  return useMemo(() => {
    const { view, unknown } = parsed;
    return {
      ...{ matrix, view, unknown },
      go: (change, options = {}) => {
        const next = { ...view, ...change };
        const address = formatAddress(next);
        if (options.replace === true) history.replaceState(null, '', address);
        else history.pushState(null, '', address);
        setParsed({ view: next, unknown: [] });
      },
      addressOf: (page) => formatAddress({ ...view, page }),
    };
  }, [parsed, matrix]);
}
