import { existsSync } from 'node:fs';

/** Where Debian's package and most others put it; CHROMIUM names another place. */
export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Without a browser nothing here can be tested: said once and plainly, before anything else is started. */
export default function setup(): void {
  if (existsSync(chromiumPath)) return;
  throw new Error(
    `The browser tests need Chromium, and there is none at ${chromiumPath}. On Debian: apt-get install chromium. ` +
      'Elsewhere set CHROMIUM to its path. The other tests run without: npx vitest run --project unit --project server',
  );
}
