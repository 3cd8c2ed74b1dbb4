import type { Feed, FeedIssue } from '../feed.generated.js';

/** The known issues that show, and are not bugs of the kernel. */
export function issuesOfOthers({ issues }: Feed): FeedIssue[] {
  return issues.filter(({ cause, evidence }) => cause !== 'kernel' && evidence.length > 0);
}
