import { feedWithText } from '../../../reports/testing/feeds.js';
import { expect, test } from './report-page.js';

const HOSTILE =
  '"><img src=x onerror="document.title=\'owned\'"></script><script>alert(1)</script>';

test('hostile text of a kernel and of a record stays text', async ({ openReport, page }) => {
  page.on('dialog', () => {
    throw new Error('a script of the data ran');
  });
  const feed = feedWithText({ release: HOSTILE, qemu: HOSTILE }, HOSTILE);
  await openReport(feed, '#/cell/file-7.3/powernv9');
  await expect(page.locator('.facts')).toContainText(`kernel release${HOSTILE}`);
  await expect(page.locator('.facts')).toContainText(`QEMU${HOSTILE}`);
  await page.goto(page.url().replace('cell/file-7.3/powernv9', 'register/MMCR0'));
  await expect(page.locator('.answer').filter({ hasText: 'note' })).toContainText(`note${HOSTILE}`);
  await page.goto(page.url().replace('register/MMCR0', 'compare'));
  await page.getByLabel('to', { exact: true }).selectOption('file-7.3/powernv9');
  await expect(page.locator('table').last()).toContainText(HOSTILE);
  await expect(page.locator('img, script[src]')).toHaveCount(0);
  await expect(page).toHaveTitle('Compare · sprmatrix');
});

test('hostile text in the address stays text', async ({ openReport, page }) => {
  await openReport(undefined, `#/register/${encodeURIComponent(HOSTILE)}`);
  await expect(page.getByRole('status').first()).toContainText(`no register "${HOSTILE}"`);
});

test.describe('the page’s own policy', () => {
  // What the policy forbids is reported on the console, which fails other tests.
  test.use({ hasComplaints: true });

  test('lets in no script but its own, and nothing from anywhere', async ({ openReport, page }) => {
    await openReport();
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'document.title = "owned"';
      document.body.append(script);
    `);
    await expect(page).not.toHaveTitle('owned');
    const fetched = await page.evaluate(
      'fetch("http://127.0.0.1:9/").then(() => "came", (error) => error.message)',
    );
    expect(fetched).toMatch(/Failed to fetch|violates|Refused/);
    const violations = await page.evaluate(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      const image = new Image();
      image.src = 'http://127.0.0.1:9/x.png';
    })`);
    expect(violations).toBe('img-src');
  });
});
