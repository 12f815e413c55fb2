"""iCalendar (RFC 5545) as bytes: read line by line, checked by rules, zones and lines written. No records."""
