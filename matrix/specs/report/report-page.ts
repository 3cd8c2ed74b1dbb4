import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import type { Feed } from '../../../reports/feed.js';
import { feedOf } from '../../../reports/testing/feeds.js';
import { writePage } from '../../../reports/write-page.js';
import { CHROMIUM } from '../../../fixtures/chromium.js';

export { expect };

/** The table with a column for each cell, coloured by the state of the round trip. */
export const ONE_REG_CELLS = '#/?colour=one-reg&order=kernel';

/** Where something is drawn, pixels of the window. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not drawn');
  return box;
}

/**
 * What axe finds on a page. The page has no frames, whose findings a page of their own would bring together (which
 * legacy mode leaves out), and what passes is not described.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** A report in the browser. */
export class ReportPage {
  readonly page: Page;
  readonly grid: Locator;
  /** What the filters leave, in words. */
  readonly shown: Locator;
  /** The line that says what is pointed at. */
  readonly inspector: Locator;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
    this.grid = page.getByRole('grid');
    this.shown = page.getByRole('search').getByRole('status');
    this.inspector = page.getByLabel('The cell that is pointed at');
  }

  /** Opens an address of the report, from its `#` on, as a link that somebody sent, and waits until it is drawn. */
  async open(address: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.#url}${address}`);
    // The data is unpacked after the page's load; a key that is pressed before that reaches nobody.
    await expect(this.page.locator('#report')).not.toBeEmpty();
  }

  /** The address, from its `#` on. */
  address(): string {
    return new URL(this.page.url()).hash;
  }

  /** The row of a register or of a group, by the whole of its name. */
  row(name: string): Locator {
    return this.grid.locator(`[data-register="${name}"], [data-group="${name}"]`);
  }

  /** What the cells of a row are called for who does not see them. */
  async cellNames(name: string): Promise<(string | null)[]> {
    const cells = await this.row(name).getByRole('gridcell').all();
    return Promise.all(cells.map(async (cell) => cell.getAttribute('aria-label')));
  }

  /** Opens the filters that are seldom needed. */
  async moreFilters(): Promise<void> {
    const more = this.page.locator('.more-filters');
    if ((await more.getAttribute('open')) === null) await more.locator('> summary').click();
  }

  /** The registers that are shown, in their order. */
  async registers(): Promise<string[]> {
    return this.grid.locator('[data-register] > [role=rowheader] > a').allTextContents();
  }
}

/**
 * Playwright's `test` with a report: `openReport` writes a feed as a page and opens it from its
 * file. A test fails when the page says anything on the console or asks for anything else.
 */
export const test = base.extend<{
  /** Whether the page is meant to complain on the console. */
  hasComplaints: boolean;
  /** Skips the test where there is no browser, before one is started. */
  browserIsThere: undefined;
  openReport: (feed?: Feed, address?: string) => Promise<ReportPage>;
}>({
  hasComplaints: [false, { option: true }],
  browserIsThere: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the first argument destructured
    async ({}, use, testInfo) => {
      const isThere = await access(CHROMIUM).then(
        () => true,
        () => false,
      );
      testInfo.skip(!isThere, `${CHROMIUM} is not there: npm run setup -- --development`);
      await use(undefined);
    },
    { auto: true },
  ],
  openReport: async ({ page, hasComplaints }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-report-'));
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|about):/.test(request.url())) complaints.push(`request of ${request.url()}`);
    });
    await use(async (feed = feedOf(), address = '#/') => {
      const path = join(folder, 'index.html');
      await writeFile(path, await writePage(feed));
      const report = new ReportPage(page, pathToFileURL(path).href);
      await report.open(address);
      return report;
    });
    expect(hasComplaints ? [] : complaints).toEqual([]);
    await rm(folder, { recursive: true });
  },
});
