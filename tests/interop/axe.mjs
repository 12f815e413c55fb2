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
  const screens = widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })));
  const visits = await Promise.all(screens.map((screen) => visitAll(screen)));
  console.log(JSON.stringify(visits.flat()));
} finally {
  await browser.close();
}

async function visitAll({ width, scheme }) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
  const visits = [];
  for (const url of urls) visits.push({ url, width, scheme, ...(await visit(context, url)) });
  await context.close();
  return visits;
}

async function visit(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const console_errors = [];
  const outside = [];
  page.on("console", (message) => message.type() === "error" && console_errors.push(told(message)));
  page.on("pageerror", (error) => console_errors.push(String(error)));
  page.on("request", (request) => isElsewhere(request.url(), url) && outside.push(request.url()));
  const status = (await page.goto(url, { waitUntil: "load" })).status();
  const [scroll_width, inner_width] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  await page.evaluate(source);
  const { violations, rules_passed } = await page.evaluate(judge);
  await page.close();
  return {
    status,
    console_errors,
    outside,
    scroll_width,
    inner_width,
    rules_passed,
    violations: violations.flatMap(sentences),
  };
}

// Runs in the page: what the rules say of it, without the long list of what they are content with.
async function judge() {
  const { violations, passes } = await axe.run({ resultTypes: ["violations"] });
  return { violations, rules_passed: passes.length };
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
