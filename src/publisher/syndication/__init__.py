"""Feeds as they are read: Atom, RSS and JSON Feed, each thing at its place, and what is amiss with them."""
