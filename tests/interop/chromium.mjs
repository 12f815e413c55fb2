// Debian's Chromium without a screen: a fresh profile, and no traffic of its own.
import { installed } from "./packages.mjs";

const { chromium } = installed("playwright-core");

// Whatever a page would fetch from elsewhere fails in the browser itself: it knows this machine's loopback only.
const FLAGS = [
  "--no-sandbox",
  "--no-proxy-server",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
}
