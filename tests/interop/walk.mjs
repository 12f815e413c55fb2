// One person in one browser: goes from page to page as told, and says what there is to read and which cookies it got.
import { readFileSync } from "node:fs";
import { launch } from "./chromium.mjs";

const { steps, width, scheme } = JSON.parse(readFileSync(0, "utf8"));
const browser = await launch();
const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
const page = await context.newPage();
const read = [];

const actions = {
  open: ({ url }) => page.goto(url),
  write: ({ into, text }) => page.fill(into, text),
  tick: ({ box }) => page.check(box),
  press: async ({ what }) => {
    await Promise.all([page.waitForEvent("load"), page.click(what)]);
  },
  // A link or button of a mail that is shown in a frame of the page.
  follow: async ({ what }) => {
    const link = page.frameLocator("iframe").locator(what).first();
    await Promise.all([page.waitForEvent("load"), link.click()]);
  },
  pause: ({ seconds }) => page.waitForTimeout(seconds * 1000),
  read: async ({ from_: from }) => read.push(await page.locator(from).first().innerText()),
  readMail: async () => read.push(await page.frameLocator("iframe").locator("body").innerText()),
  readAddress: () => read.push(page.url()),
  picture: ({ file }) => page.screenshot({ path: file, fullPage: true }),
};

try {
  for (const { do: name, ...details } of steps) await actions[name](details);
  console.log(JSON.stringify({ read, cookies: (await context.cookies()).length }));
} finally {
  await browser.close();
}
