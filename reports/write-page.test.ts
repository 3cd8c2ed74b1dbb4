import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { feedOf } from './testing/feeds.js';
import { scriptText, writePage } from './write-page.js';

test('the data is in the page as it was', async () => {
  const feed = feedOf();
  const page = await writePage(feed);
  const [, text = ''] =
    /<script type="application\/json" id="feed">(.*?)<\/script>/s.exec(page) ?? [];
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(feed)));
});

test('no text of the data ends its script element or begins another', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('</script>', '<!--<script>', '$&', '$`')),
      (text) => {
        const written = scriptText({ text });
        expect(written).not.toContain('<');
        expect(JSON.parse(written)).toEqual({ text });
      },
    ),
  );
});

test('the page may run its own script alone, look as its own styles say, and ask nobody', async () => {
  const page = await writePage(feedOf());
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/,
  );
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
});
