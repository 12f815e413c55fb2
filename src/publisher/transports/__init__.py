"""How messages leave: captured in a folder, or handed to an SMTP server."""
