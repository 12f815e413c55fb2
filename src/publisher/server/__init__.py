"""HTTP: serves build/, any combination of calendars and feeds, health, and the preview."""
