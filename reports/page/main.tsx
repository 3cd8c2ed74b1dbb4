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

const data = document.getElementById('feed')?.textContent ?? '';
const root = document.getElementById('report');
if (root !== null) {
  if (data.trim() === '')
    root.textContent = 'This page has no data: `sprmatrix report` puts it in.';
  else render(<App matrix={buildMatrix(JSON.parse(data) as Feed)} />, root);
}
