// Local times in zones that ical.js knows by their VTIMEZONE alone, as instants.
// Standard input: [[calendar, [local, ...]], ...]. Standard output: [[seconds since 1970, ...], ...].
import { readFileSync } from "node:fs";
import { installed } from "./packages.mjs";

const ICAL = installed("ical.js");

const questions = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(questions.map(([calendar, locals]) => {
  const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent("vtimezone"));
  return locals.map((local) => {
    const time = ICAL.Time.fromDateTimeString(local);
    time.zone = zone;
    return time.toUnixTime();
  });
})));
