"""The version, alone, so that it can be told before anything else is loaded."""

__version__ = "0.1.0"
