import { render } from 'preact';
import { buildMatrix } from '../model/matrix.js';
import type { Feed } from '../feed.generated.js';
import { App } from './app.js';
import './styles/base.css';
import './styles/controls.css';
import './styles/states.css';
import './styles/table.css';
import './styles/pages.css';
import './styles/emulators.css';
import './styles/print.css';

/** The feed that `sprmatrix report` put into the page: JSON as gzip as base64. */
async function unpacked(text: string): Promise<Feed> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text()) as Feed;
}

const data = (document.getElementById('feed')?.textContent ?? '').trim();
const root = document.getElementById('report');
if (root !== null) {
  if (data === '') root.textContent = 'This page has no data: `sprmatrix report` puts it in.';
  else {
    void unpacked(data).then((feed) => {
      render(<App matrix={buildMatrix(feed)} />, root);
    });
  }
}
