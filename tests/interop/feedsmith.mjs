// Read feeds with feedsmith.
// Standard input: a list of files.
// Standard output: {file: [{id, link, title, published, updated, authors, categories, summary, content, files, language},
// ...]}; what is not stated is null, dates are in UTC. RSS's description is HTML and stays so.
import { readFileSync } from "node:fs";
import { installed } from "./packages.mjs";

const { parseFeed } = installed("feedsmith");

const files = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, reading(readFileSync(file, "utf8"))]))));

function reading(text) {
  const { format, feed } = parseFeed(text);
  return { atom: ofAtom, rss: ofRss, json: ofJson }[format](feed);
}

function ofAtom({ xml, authors: all, entries = [] }) {
  return entries.map(({ id, title, published, updated, authors = all, categories = [], summary, content, links, xml: own }) => ({
    id,
    title: title.value,
    link: links.find(({ rel }) => rel === undefined || rel === "alternate").href,
    published: inUtc(published),
    updated: inUtc(updated),
    authors: authors.map(({ name }) => name),
    categories: categories.map(({ label }) => label),
    summary: summary.value,
    content: content.value,
    files: links.filter(({ rel }) => rel === "enclosure").map(({ href, type, length }) => ({ url: href, type, length })),
    language: own?.lang ?? xml.lang,
  }));
}

function ofRss({ language, dc, items = [] }) {
  return items.map((item) => ({
    id: item.guid.value,
    title: item.title,
    link: item.link,
    published: inUtc(item.pubDate),
    updated: inUtc(item.atom?.updated),
    authors: item.dc?.creators ?? dc.creators,
    categories: (item.categories ?? []).map(({ name }) => name),
    summary: item.description,
    content: item.content.encoded,
    files: [...(item.enclosures ?? []), ...inMedia(item.media)].map(({ url, type, length, fileSize }) => ({
      url,
      type,
      length: length ?? fileSize,
    })),
    language: item.dc?.languages?.[0] ?? language,
  }));
}

function inMedia(media) {
  return [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap(({ contents }) => contents)];
}

function ofJson({ language, authors: all, items = [] }) {
  return items.map((item) => ({
    id: item.id,
    title: item.title,
    link: item.url,
    published: inUtc(item.date_published),
    updated: inUtc(item.date_modified),
    authors: (item.authors ?? all).map(({ name }) => name),
    categories: item.tags ?? [],
    summary: item.summary,
    content: item.content_html,
    files: (item.attachments ?? []).map(({ url, mime_type, size_in_bytes }) => ({ url, type: mime_type, length: size_in_bytes })),
    language: item.language ?? language,
  }));
}

function inUtc(date) {
  return date === undefined ? null : `${new Date(date).toISOString().slice(0, 19)}Z`;
}
