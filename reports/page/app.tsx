import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Matrix } from '../model/matrix.js';
import type { Page } from '../model/view.js';
import { CellPage } from './cell-page.js';
import { FindingPage, FindingsPage } from './findings-page.js';
import { KernelPage, PlatformPage } from './family-pages.js';
import { ComparePage } from './compare-page.js';
import { Masthead } from './masthead.js';
import { MigrationPage } from './migration-page.js';
import { RegisterPage } from './register-page.js';
import { ReportContext, useAddress } from './report-context.js';
import { TablePage } from './table-page.js';

/** The whole page: what the address says. */
export function App({ matrix }: { readonly matrix: Matrix }): JSX.Element {
  const report = useAddress(matrix);
  const { page } = report.view;
  useEffect(() => {
    document.title = `${titleOf(page)} · sprmatrix`;
    // The table comes back to where it was left.
    if (page.name !== 'table') scrollTo(0, 0);
    // A pair that is looked at is no other page.
  }, [page.name === 'migration' ? page.name : page]);
  const content = useMemo(() => contentOf(page), [page]);
  return (
    <ReportContext.Provider value={report}>
      <Masthead />
      <main>
        {report.unknown.length > 0 && (
          <p class="notice" role="status">
            The address asks for what this report does not have: {report.unknown.join(', ')}.
          </p>
        )}
        {content}
      </main>
    </ReportContext.Provider>
  );
}

function contentOf(page: Page): JSX.Element {
  switch (page.name) {
    case 'table':
      return <TablePage />;
    case 'register':
      return <RegisterPage name={page.register} cell={page.cell} />;
    case 'cell':
      return <CellPage name={page.cell} />;
    case 'kernel':
      return <KernelPage id={page.kernel} />;
    case 'platform':
      return <PlatformPage id={page.platform} />;
    case 'findings':
      return <FindingsPage />;
    case 'finding':
      return <FindingPage id={page.bug} />;
    case 'compare':
      return <ComparePage a={page.a} b={page.b} />;
    case 'migration':
      return <MigrationPage {...page} />;
  }
}

function titleOf(page: Page): string {
  switch (page.name) {
    case 'table':
      return 'KVM ONE_REG on ppc64';
    case 'register':
      return page.register;
    case 'cell':
      return page.cell;
    case 'kernel':
      return page.kernel;
    case 'platform':
      return page.platform;
    case 'findings':
      return 'Findings';
    case 'finding':
      return page.bug;
    case 'compare':
      return 'Compare';
    case 'migration':
      return 'Migration';
  }
}
