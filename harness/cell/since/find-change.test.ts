import { expect, test } from '@playwright/test';
import type { Change } from './find-change.js';
import { findChange } from './find-change.js';

/** Each digit is the answer of its position, `x` none; and the positions that were asked. */
async function found(answers: string): Promise<readonly [Change<number>, readonly number[]]> {
  const asked: number[] = [];
  const change = await findChange(
    Array.from(answers, (_, position) => position),
    async (position) => {
      asked.push(position);
      const answer = answers[position] ?? '';
      return Promise.resolve(answer === 'x' ? undefined : answer);
    },
  );
  return [change, asked];
}

const ends = ({ between }: Change<number>): readonly (number | undefined)[] => [
  ...[between?.before.item, between?.since.item],
];

test('the first with the newest answer is found with few questions, wherever it is', async () => {
  for (let since = 1; since < 64; since++) {
    const [change, asked] = await found('0'.repeat(since) + '1'.repeat(64 - since));
    expect(ends(change)).toEqual([since - 1, since]);
    expect(asked.length).toBeLessThanOrEqual(8);
    expect(new Set(asked).size).toBe(asked.length);
  }
});

test('a third answer on the way counts as not yet the newest', async () => {
  const [change] = await found('0012');
  expect(change.between).toEqual({
    before: { item: 2, answer: '1' },
    since: { item: 3, answer: '2' },
  });
});

test('one without an answer is passed over, at the ends and between', async () => {
  const [change] = await found('x0xx1x');
  expect([change.oldest?.item, change.newest?.item, ...ends(change)]).toEqual([1, 4, 1, 4]);
});

test('where the ends answer alike nothing between is asked', async () => {
  const [change, asked] = await found('0110');
  expect([change.between, asked]).toEqual([undefined, [0, 3]]);
});

test('where none answers nothing is found', async () => {
  expect((await found('xx'))[0]).toEqual({
    ...{ oldest: undefined, newest: undefined, between: undefined },
  });
});
