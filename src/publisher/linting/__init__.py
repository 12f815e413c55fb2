"""What the lints of calendars and of feeds have in common: rules, findings that are counted, their reference."""
