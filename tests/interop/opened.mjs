// What a person sees who opens a feed in Chromium, on a telephone and on a desk.
// Standard input: {urls, widths}. Standard output: for each page {url, width, type, first_line, text, scroll_width}.
import { readFileSync } from "node:fs";
import { launch } from "./chromium.mjs";

const { urls, widths } = JSON.parse(readFileSync(0, "utf8"));
const browser = await launch();
try {
  const opened = [];
  for (const width of widths) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    for (const url of urls) {
      await page.goto(url, { waitUntil: "load" });
      opened.push({ url, width, ...(await page.evaluate(look)) });
    }
  }
  console.log(JSON.stringify(opened));
} finally {
  await browser.close();
}

// Runs in the page. What is hidden is in no selection; what a style sheet says is in none either.
function look() {
  const root = document.documentElement;
  getSelection().selectAllChildren(root);
  return {
    type: root.localName,
    first_line: getComputedStyle(root, "::before").content,
    text: getSelection().toString(),
    scroll_width: root.scrollWidth,
  };
}
