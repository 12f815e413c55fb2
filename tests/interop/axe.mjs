// Open pages in Chromium as readers with different screens do, and let axe look at each.
// Standard input: {urls, widths, schemes}. Standard output: a list of visits, each with what was found.
import { readFileSync } from "node:fs";
import { launch } from "./chromium.mjs";
import { installed } from "./packages.mjs";

const source = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

// How long one page may take on a busy machine, in milliseconds.
const PATIENCE = 120_000;

const { urls, widths, schemes } = JSON.parse(readFileSync(0, "utf8"));
const browser = await launch();
try {
  const visits = await Promise.all(widths.map((width) => visitAll(width)));
  console.log(JSON.stringify(visits.flat()));
} finally {
  await browser.close();
}

async function visitAll(width) {
  // Without motion no colour is caught on its way from one scheme to the other.
  const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: "reduce" });
  const visits = [];
  for (const url of urls) visits.push(...(await visit(context, url, width)));
  await context.close();
  return visits;
}

// The page is loaded once, and judged in each colour scheme.
async function visit(context, url, width) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const console_errors = [];
  const outside = [];
  page.on("console", (message) => message.type() === "error" && console_errors.push(told(message)));
  page.on("pageerror", (error) => console_errors.push(String(error)));
  page.on("request", (request) => isElsewhere(request.url(), url) && outside.push(request.url()));
  await page.emulateMedia({ colorScheme: schemes[0] });
  const status = (await page.goto(url, { waitUntil: "load" })).status();
  await page.evaluate(source);
  const visits = [];
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations, ...judged } = await page.evaluate(judge);
    const found = { console_errors, outside, violations: violations.flatMap(sentences) };
    visits.push({ url, width, scheme, status, ...judged, ...found });
  }
  await page.close();
  return visits;
}

// Runs in the page: what the rules say of it, without the long list of what they are content with.
async function judge() {
  const { violations, passes } = await axe.run({ resultTypes: ["violations"] });
  return {
    violations,
    rules_passed: passes.length,
    scroll_width: document.scrollingElement.scrollWidth,
    inner_width: innerWidth,
  };
}

function told(message) {
  return `${message.text()} (${message.location().url})`;
}

function isElsewhere(request, page) {
  const { protocol, host } = new URL(request);
  return ["http:", "https:", "ws:", "wss:"].includes(protocol) && host !== new URL(page).host;
}

function sentences({ id, help, nodes }) {
  return nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary}`);
}
