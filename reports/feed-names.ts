import type { CellIds } from '../harness/record/cell-name.js';
import { againCommand } from '../harness/record/again-command.js';
import { cellName } from '../harness/record/cell-name.js';
import type { Feed, FeedAnswer, FeedCell, FeedIssue, FeedVerdict } from './feed.js';

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

/** The verdict on an answer. */
export function verdictOf(feed: Feed, { verdict }: FeedAnswer): FeedVerdict {
  const found = feed.verdicts[verdict];
  if (found === undefined) throw new RangeError(`the feed has no verdict ${verdict}`);
  return found;
}

/** The known issues behind the verdict on an answer. */
export function issuesOf(feed: Feed, answer: FeedAnswer): FeedIssue[] {
  const { issues } = verdictOf(feed, answer);
  return feed.issues.filter(({ id }) => issues.includes(id));
}

/** The messages of what deviates in a cell, by its place in the feed, of one register. */
export function deviationTextsOf(feed: Feed, cell: number, register: number): string[] {
  return feed.deviations.flatMap((deviation) =>
    deviation.cell === cell && deviation.register === register ? [deviation.message] : [],
  );
}

/** The command that tests a cell again: one register, or without one whatever it was asked. */
export function testRecordAgain(feed: Feed, cell: FeedCell, register: string | undefined): string {
  const { hostile, deep } = cell;
  const whole = [
    ...(hostile === undefined ? [] : [`--hostile=${hostile.ids}:${hostile.seed}`]),
    ...(deep === true ? ['--deep'] : []),
  ];
  return againCommand({
    program: 'npm test --',
    cells: [{ ...cellIdsOf(feed, cell), package: cell.image.package }],
    asked: register === undefined ? whole : [`--register=${register}`],
  });
}
