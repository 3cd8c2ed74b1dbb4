import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useReport } from './report-context.js';

/** What can be chosen as the theme; `auto` is the system's. */
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** The bar at the top of every page: what this is, where one can go, light or dark. */
export function Masthead(): JSX.Element {
  const { matrix, view, addressOf } = useReport();
  const { harness, source } = matrix.feed;
  const page = view.page.name;
  return (
    <header class="masthead">
      <p class="wordmark">
        <a href={addressOf({ name: 'table' })}>sprmatrix</a>
      </p>
      <nav aria-label="Pages">
        <a href={addressOf({ name: 'table' })} aria-current={page === 'table' ? 'page' : undefined}>
          Table
        </a>
        <a
          href={addressOf({ name: 'findings' })}
          aria-current={page === 'findings' || page === 'finding' ? 'page' : undefined}
        >
          Findings
        </a>
        <a
          href={addressOf({ name: 'compare' })}
          aria-current={page === 'compare' ? 'page' : undefined}
        >
          Compare
        </a>
        {matrix.feed.migrations.pairs.length > 0 && (
          <a
            href={addressOf({ name: 'migration' })}
            aria-current={page === 'migration' ? 'page' : undefined}
          >
            Migration
          </a>
        )}
      </nav>
      <p class="origin">
        {ORIGINS[source]}, sprmatrix {harness.version}
        {harness.commit !== null && <> ({harness.commit.slice(0, 12)})</>}
      </p>
      <ThemeChoice />
    </header>
  );
}

const ORIGINS = {
  baselines: 'committed baselines',
  records: 'records of a run',
  both: 'records of a run, and baselines',
} as const;

function ThemeChoice(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    storeTheme(theme);
  }, [theme]);
  return (
    <label class="theme">
      Theme{' '}
      <select
        value={theme}
        onChange={({ currentTarget: { value } }) => {
          setTheme(THEMES.find((candidate) => candidate === value) ?? 'auto');
        }}
      >
        {THEMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** A page from a file may have no storage: then the theme lasts as long as the page. */
function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem('sprmatrix-theme');
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem('sprmatrix-theme', theme);
  } catch {
    // no storage here: the choice is lost with the page
  }
}
