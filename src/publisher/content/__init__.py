"""From files to records: read, parse, decode, check. Bad input becomes findings, never an exception."""
