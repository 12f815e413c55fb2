// Read feeds with feedsmith.
// Standard input: a list of files.
// Standard output: {file: {language, entries: [{id, link, title, published, updated}, ...]}}; a date that is not
// stated is null, the others are in UTC.
import { readFileSync } from "node:fs";
import { installed } from "./packages.mjs";

const { parseFeed } = installed("feedsmith");

const files = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, reading(readFileSync(file, "utf8"))]))));

function reading(text) {
  const { format, feed } = parseFeed(text);
  return { atom: ofAtom, rss: ofRss, json: ofJson }[format](feed);
}

function ofAtom({ xml, entries = [] }) {
  const articleOf = ({ links }) => links.find(({ rel }) => rel === undefined || rel === "alternate").href;
  return {
    language: xml.lang,
    entries: entries.map((entry) => row(entry.id, articleOf(entry), entry.title.value, entry.published, entry.updated)),
  };
}

function ofRss({ language, items = [] }) {
  return {
    language,
    entries: items.map((item) => row(item.guid.value, item.link, item.title, item.pubDate, item.atom?.updated)),
  };
}

function ofJson({ language, items = [] }) {
  return {
    language,
    entries: items.map((item) => row(item.id, item.url, item.title, item.date_published, item.date_modified)),
  };
}

function row(id, link, title, published, updated) {
  return { id, link, title, published: inUtc(published), updated: inUtc(updated) };
}

function inUtc(date) {
  return date === undefined ? null : `${new Date(date).toISOString().slice(0, 19)}Z`;
}
