// The dates of recurrence rules as ical.js finds them.
// Standard input: [[start, rule, last], ...]. Standard output: [[date, ...], ...].
import { readFileSync } from "node:fs";
import { installed } from "./packages.mjs";

const ICAL = installed("ical.js");

const questions = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(questions.map(([start, rule, last]) => {
  const dates = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(start));
  const found = [];
  for (let next = dates.next(); next && next.toString() <= last; next = dates.next()) found.push(next.toString());
  return found;
})));
