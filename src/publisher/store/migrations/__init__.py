"""Forward migrations, from the first schema on."""
