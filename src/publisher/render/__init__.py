"""From an edition to the files that readers get: calendars, feeds, pages."""
