// Take a picture of a whole page: node screenshots.mjs URL OUT.png WIDTH light|dark
import { launch } from "./chromium.mjs";

const [url, out, width, colorScheme] = process.argv.slice(2);
if (!(Number(width) > 0) || !["light", "dark"].includes(colorScheme)) {
  console.error("usage: node screenshots.mjs URL OUT.png WIDTH light|dark");
  process.exit(2);
}

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: Number(width), height: 900 }, colorScheme });
  await page.goto(url, { waitUntil: "load" });
  await page.screenshot({ path: out, fullPage: true });
} finally {
  await browser.close();
}
