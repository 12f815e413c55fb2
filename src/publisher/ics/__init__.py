"""iCalendar streams (RFC 5545) as bytes: read with their lines, checked by rules, zones written. Knows no record."""
