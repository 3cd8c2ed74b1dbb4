import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { feedOf } from './testing/feeds.js';
import { packedFeed, writePage } from './write-page.js';

const unpacked = (text: string): unknown =>
  JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString());

test('the data is in the page as it was', async () => {
  const feed = feedOf();
  const page = await writePage(feed);
  const [, text = ''] =
    /<script type="application\/gzip;base64" id="feed">(.*?)<\/script>/s.exec(page) ?? [];
  expect(unpacked(text)).toEqual(JSON.parse(JSON.stringify(feed)));
});

test('no text of the data ends its script element or begins another', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('</script>', '<!--<script>', '$&', '$`')),
      (text) => {
        const feed = { ...feedOf(), fields: { text } };
        const written = packedFeed(feed);
        expect(written).toMatch(/^[\w+/]+=*$/);
        expect(unpacked(written)).toMatchObject({ fields: { text } });
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
