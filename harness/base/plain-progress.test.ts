import { expect, test } from '@playwright/test';
import { plainProgress } from './plain-progress.js';

test('each phase is printed once, however often it is reported', () => {
  const printed: string[] = [];
  const say = plainProgress((text) => printed.push(text));
  say('5.10: configuring');
  for (let percent = 0; percent < 100; percent += 1) say(`5.10: compiling, ${percent} %`);
  say('5.10: linking');
  expect(printed).toEqual(['5.10: configuring', '5.10: compiling, 0 %', '5.10: linking']);
});
