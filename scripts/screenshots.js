// `npm run screenshots`: the pictures of the README, from the committed baselines. Needs Chromium,
// and pngquant to make them small; fonts-inter and fonts-jetbrains-mono make them look as they do.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'reports/screenshots');
const page = join(root, 'build/screenshots/index.html');

/** The picture's name, the address in the report, the colours, and what is done there before. */
const PICTURES = [
  {
    name: 'table',
    address: '#/',
    scheme: 'light',
    point: '[data-register=DPDES] > :nth-child(6)',
  },
  {
    name: 'register',
    address: '#/register/LPCR?cell=debian-6.1/powernv9',
    scheme: 'light',
  },
  {
    name: 'changed-dark',
    address: '#/?since=build-5.10&open=build-7.3&differ=yes',
    scheme: 'dark',
  },
];

run('node', [join(root, 'dist/bundle/cli.js'), 'report', `--output=${page}`]);
mkdirSync(folder, { recursive: true });
const { CHROMIUM_LAUNCH } = await import('../dist/fixtures/chromium.js');
const browser = await chromium.launch(CHROMIUM_LAUNCH);
for (const { name, address, scheme, point } of PICTURES) {
  const tab = await browser.newPage({
    viewport: { width: 1240, height: 800 },
    colorScheme: scheme,
    deviceScaleFactor: 1.5,
  });
  await tab.goto(`${pathToFileURL(page)}${address}`);
  await tab.waitForSelector('#report > *');
  if (point !== undefined) await tab.hover(point);
  const path = join(folder, `${name}.png`);
  await tab.screenshot({ path });
  await tab.close();
  run('pngquant', ['--force', '--strip', '--quality=70-95', '--output', path, path]);
  console.log(`${path}: ${Math.round(statSync(path).size / 1024)} kB`);
}
await browser.close();

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
}
