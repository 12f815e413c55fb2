// Read calendars with ical.js, the engine of Thunderbird and Nextcloud.
// Standard input: {files: [...], start, end}. Standard output: {file: [[uid, start, end, status], ...]}.
import { readFileSync } from "node:fs";
import { installed } from "./packages.mjs";

const ICAL = installed("ical.js");

const { files, start, end } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, occurrences(readFileSync(file, "utf8"))]))));

function occurrences(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  // A zone is known by the calendar's own definition of it alone: that is what this engine is here to judge.
  ICAL.TimezoneService.reset();
  calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
  const own = [], changed = {};
  for (const event of calendar.getAllSubcomponents("vevent")) {
    if (event.hasProperty("recurrence-id")) (changed[event.getFirstPropertyValue("uid")] ??= []).push(event);
    else own.push(event);
  }
  // Left to itself, an event takes the changed occurrences of every other event of its calendar for its own.
  return own.flatMap((event) => expanded(new ICAL.Event(event, {
    strictExceptions: true, exceptions: changed[event.getFirstPropertyValue("uid")] ?? [],
  })));
}

function expanded(event) {
  if (!event.isRecurring()) return [row(event, event.startDate, event.endDate)].filter(isInWindow);
  const rows = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next && written(next) < end; next = iterator.next()) {
    const occurrence = event.getOccurrenceDetails(next);
    rows.push(row(occurrence.item, occurrence.startDate, occurrence.endDate));
  }
  return rows.filter(isInWindow);
}

function row(event, from, to) {
  return [event.uid, written(from), written(to), event.component.getFirstPropertyValue("status") ?? ""];
}

function isInWindow([, from]) {
  return from >= start.slice(0, 8) && from.slice(0, 8) < end.slice(0, 8);
}

// A day as 20260611, an instant in UTC as 20260611T040000Z, a floating time without the Z.
function written(time) {
  const floating = !time.isDate && time.zone === ICAL.Timezone.localTimezone;
  return (time.isDate || floating ? time : time.convertToZone(ICAL.Timezone.utcTimezone)).toICALString();
}
