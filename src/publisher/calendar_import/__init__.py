"""Foreign calendars become records."""
