import type { JSX } from 'preact';
import {
  hardwareText,
  introducedText,
  SEVERITIES,
  statusText,
} from '../../harness/judge/bugs/bug-text.js';
import type { FeedBug } from '../feed.generated.js';
import { issuesOfOthers } from '../model/findings.js';
import { countOf } from '../../harness/base/count.js';
import { Deviations } from './deviations.js';
import { Finding } from './finding.js';
import { useReport } from './report-context.js';

/** Bugs as links by their ids. */
export function BugLinks({
  bugs,
  after = () => '',
  most = Infinity,
}: {
  readonly bugs: readonly FeedBug[];
  readonly after?: (bug: FeedBug) => string;
  /** How many of them are named; the others are a link. */
  readonly most?: number;
}): JSX.Element {
  const { addressOf } = useReport();
  return (
    <>
      {bugs.slice(0, most).map((bug, index) => (
        <span key={bug.id}>
          {index > 0 && ', '}
          <a href={addressOf({ name: 'finding', bug: bug.id })} title={bug.title}>
            {bug.id}
          </a>
          {after(bug)}
        </span>
      ))}
      {bugs.length > most && (
        <>
          {' '}
          and <a href={addressOf({ name: 'findings' })}>{bugs.length - most} more</a>
        </>
      )}
    </>
  );
}

/** Every bug with what became of it, then the differences that are not the kernel's. */
export function FindingsPage(): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { bugs, deviations } = matrix.feed;
  const others = issuesOfOthers(matrix.feed);
  const sorted = bugs.toSorted((a, b) => Number(b.status.isPresent) - Number(a.status.isPresent));
  return (
    <article class="page" aria-labelledby="findings-title">
      <nav class="neighbours" aria-label="Findings">
        <a href={addressOf({ name: 'table' })}>← Table</a>
      </nav>
      <h1 id="findings-title">Findings</h1>
      {deviations.length > 0 && (
        <>
          <h2>Deviations</h2>
          <Deviations most={200} />
        </>
      )}
      <h2>{countOf(bugs.length, 'bug')} of the kernel</h2>
      {bugs.length === 0 && <p>No known issue of the kernel shows in these cells.</p>}
      <div class="scroll" tabIndex={0} role="group" aria-label="Bugs">
        <table class="comparison bugs">
          <thead>
            <tr>
              <th scope="col">bug</th>
              <th scope="col">status</th>
              <th scope="col">introduced</th>
              <th scope="col">severity</th>
              <th scope="col">on hardware</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((bug) => (
              <tr key={bug.id}>
                <th scope="row">
                  <a href={addressOf({ name: 'finding', bug: bug.id })}>{bug.title}</a>
                </th>
                <td>{statusText(bug.status, bug.fix)}</td>
                <td>{introducedText(bug.status)}</td>
                <td>{bug.severity ?? 'not judged'}</td>
                <td>{hardwareText(bug.hardware)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{countOf(others.length, 'difference')} that are not the kernel’s</h2>
      <ul class="findings" aria-label="Known issues with other causes">
        {others.map((issue) => (
          <li key={issue.id}>
            <Finding issue={issue} />
          </li>
        ))}
      </ul>
    </article>
  );
}

/** One bug: what it does, what became of it, where it shows, and how to see it again. */
export function FindingPage({ id }: { readonly id: string }): JSX.Element {
  const { matrix, addressOf } = useReport();
  const bug = matrix.feed.bugs.find((candidate) => candidate.id === id);
  if (bug === undefined) return <></>; // the address is checked before
  const issues = bug.issues.flatMap((index) => matrix.feed.issues[index] ?? []);
  const { severity, consequence, hardware, links = [] } = bug;
  return (
    <article class="page" aria-labelledby="finding-title">
      <nav class="neighbours" aria-label="Findings">
        <a href={addressOf({ name: 'findings' })}>← Findings</a>
      </nav>
      <h1 id="finding-title">{bug.title}</h1>
      <p class="lead">{issues[0]?.what}</p>
      {consequence !== undefined && <p class="lead">{consequence}</p>}
      <dl class="facts">
        <dt>status</dt>
        <dd>{statusText(bug.status, bug.fix)}</dd>
        <dt>introduced</dt>
        <dd>{introducedText(bug.status)}</dd>
        {severity !== undefined && (
          <>
            <dt>severity</dt>
            <dd>
              {severity}: {SEVERITIES[severity]}
            </dd>
          </>
        )}
        {hardware !== undefined && (
          <>
            <dt>on hardware</dt>
            <dd>
              {hardwareText(hardware)}: {hardware.why}
            </dd>
          </>
        )}
        {bug.fix !== undefined && (
          <>
            <dt>fixed by</dt>
            <dd>
              <a href={`https://git.kernel.org/torvalds/c/${bug.fix}`}>
                <code>{bug.fix}</code>
              </a>
            </dd>
          </>
        )}
        {links.map(({ what, url }) => [
          <dt key={`${url} name`}>discussed</dt>,
          <dd key={url}>
            <a href={url}>{what}</a>
          </dd>,
        ])}
      </dl>
      <h2>{issues.length === 1 ? 'Where it shows' : `Its ${issues.length} symptoms`}</h2>
      <ul class="findings" aria-label="Symptoms">
        {issues
          .filter(({ evidence }) => evidence.length > 0)
          .map((issue) => (
            <li key={issue.id}>
              <Finding issue={issue} isOpen />
            </li>
          ))}
      </ul>
    </article>
  );
}
