import type { CellIds } from '../harness/record/cell-name.js';
import { cellName } from '../harness/record/cell-name.js';
import type { Feed, FeedAnswer, FeedCell } from './feed.js';

/** What a feed's cell is called: `<kernel id>/<platform id>`. */
export function cellNameOf(feed: Feed, cell: FeedCell): string {
  return cellName(cellIdsOf(feed, cell));
}

/** The ids of a feed's cell. */
function cellIdsOf(feed: Feed, cell: FeedCell): CellIds {
  return { kernel: kernelIdOf(feed, cell), platform: feed.platforms[cell.platform]?.id ?? '' };
}

export function kernelIdOf(feed: Feed, { kernel }: FeedCell): string {
  return feed.kernels[kernel]?.id ?? '';
}

/** A cell's answer for each of the feed's registers that it has a row of. */
export function answersOf(
  feed: Feed,
  cell: FeedCell,
): { readonly register: number; readonly answer: FeedAnswer }[] {
  return cell.answers.flatMap((index, register) => {
    const answer = index === null ? undefined : feed.answers[index];
    return answer === undefined ? [] : [{ register, answer }];
  });
}

/** The ids of the known issues that an answer shows. */
export function issuesOf(feed: Feed, answer: FeedAnswer): string[] {
  return (answer.reasons ?? []).flatMap((index) => feed.reasons[index]?.issue ?? []);
}

/**
 * The command that asks one register of a cell again, or without one makes the hostile calls again; a
 * user's own kernel has no path in a feed.
 */
export function againCommand(feed: Feed, cell: FeedCell, register: string | undefined): string {
  const { kernel, platform } = cellIdsOf(feed, cell);
  const selector = kernel.startsWith('file-') ? 'PATH_OF_THE_KERNEL' : kernel;
  const which = register === undefined ? '' : ` --register=${register}`;
  return `npm test -- --kernel=${selector} --platform=${platform}${which}`;
}
