import type { JSX } from 'preact';
import { SEVERITIES } from '../../harness/judge/bugs/bug-text.js';
import type { FeedBug } from '../feed.generated.js';
import { issuesOfOthers } from '../model/findings.js';
import { AskPanel } from './ask-panel.js';
import { Deviations } from './deviations.js';
import { BugLinks } from './findings-page.js';
import { useReport } from './report-context.js';
import { Headline } from './headline.js';

/** What there is to say first: what is broken in the newest kernel, what is mended, what is not the kernel's. */
export function News(): JSX.Element {
  const { matrix, addressOf } = useReport();
  const { bugs, deviations, kernels, platforms, cells, registers } = matrix.feed;
  const present = bugs.filter(({ status }) => status.isPresent);
  const gone = bugs.filter(({ status }) => !status.isPresent);
  const newest = bugs[0]?.status.newest ?? kernels.findLast(({ line }) => line !== null)?.line;
  const others = issuesOfOthers(matrix.feed);
  const count = (cause: string): number => others.filter((issue) => issue.cause === cause).length;
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h1 id="summary-title">What each KVM ONE_REG register does on each ppc64 kernel</h1>
      <p class="scope">
        {registers.length} registers, {kernels.length} kernels, {platforms.length} platforms,{' '}
        {cells.length} cells
      </p>
      <Headline />
      {deviations.length > 0 && <Deviations />}
      <ul class="news" aria-label="Findings">
        <li>
          <b>
            {present.length} kernel {present.length === 1 ? 'bug' : 'bugs'} in{' '}
            {newest ?? 'these kernels'}
          </b>
          , the newest kernel here{present.length > 0 && ': '}
          <BugLinks bugs={worstFirst(present)} most={4} />
        </li>
        <li>
          <b>{gone.length} gone</b>
          {gone.length > 0 && ': '}
          <BugLinks
            bugs={gone}
            most={4}
            after={({ status }) =>
              status.goneSince === undefined ? '' : ` since ${status.goneSince}`
            }
          />
        </li>
        <li>
          <b>
            {others.length} {others.length === 1 ? 'difference is' : 'differences are'} not the
            kernel’s
          </b>
          : {count('emulator')} the emulator’s, {count('configuration')} of the configuration,{' '}
          {count('design')} by design
        </li>
      </ul>
      <p>
        <a href={addressOf({ name: 'findings' })}>All findings</a>
      </p>
      <AskPanel />
    </section>
  );
}

const WORST_FIRST = Object.keys(SEVERITIES);

function worstFirst(bugs: readonly FeedBug[]): FeedBug[] {
  const rank = ({ severity }: FeedBug): number => WORST_FIRST.indexOf(severity ?? 'low');
  return bugs.toSorted((a, b) => rank(a) - rank(b));
}
