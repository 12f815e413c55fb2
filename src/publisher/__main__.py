"""The program's entrance: the version is told before anything slow is loaded."""

import sys

from publisher import __version__


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"publisher {__version__}")  # noqa: T201 -- this is the answer
        return
    from publisher.cli import cli

    cli()


if __name__ == "__main__":
    main()
