"""What the lints of calendars and of feeds share: rules, findings that are counted, a reference."""
