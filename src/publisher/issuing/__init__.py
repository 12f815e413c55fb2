"""From lists and time to issues: what is due is decided, built from one edition, frozen and let go."""
