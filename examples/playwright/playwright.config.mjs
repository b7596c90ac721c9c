import { existsSync } from 'node:fs';

// The browser of the system, where there is one; otherwise the one that Playwright has installed.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

export default {
  use: { launchOptions: { executablePath, args: ['--no-sandbox'] }, apiOrigins: ['http://bss.example'] },
};
