"""Everything that can go wrong outside a curator's records.

What a person wrote in records, configuration or templates is reported as
`Diagnostic` values, all at once. Everything else is one tree under
`PublisherError`; the command line catches that base only, so that anything
else keeps its traceback: it is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class PublisherError(Exception):
    """Something stands in the way that the operator can change."""

    #: What the command line exits with (product's exit statuses: 2 configuration, 3 something outside).
    exit_status: ClassVar[int] = 3


class UsageError(PublisherError):
    """The call or the configuration is off: read the hint and correct it."""

    exit_status = 2


class NotASite(UsageError):
    """The folder holds no publisher.toml: name the site's folder with --site."""

    def __init__(self, folder: object) -> None:
        super().__init__(f"no publisher.toml in '{folder}'\nhint: name the site's folder with --site DIR")


class BadConfiguration(UsageError):
    """publisher.toml says something that cannot be followed; each finding names its line."""

    def __init__(self, findings: str) -> None:
        super().__init__(findings)


class ChangedIdentity(UsageError):
    """The configured identity is not the one that readers know: put it back."""

    def __init__(self, known: str, configured: str) -> None:
        super().__init__(
            f"publisher.toml:1:1: error[changed-identity]: the site is published as '{known}', "
            f"[site] identity says '{configured}': every reader would get everything again\n"
            f'hint: write identity = "{known}"; a site that really begins anew needs an empty var/ and build/'
        )


class SiteBusy(PublisherError):
    """Another process is releasing this site: wait for it to finish, then call again."""

    def __init__(self, lock: object) -> None:
        super().__init__(
            f"another process is releasing this site (it holds '{lock}')\n"
            "hint: wait until it is done and call again"
        )


class WrongSchema(PublisherError):
    """The database was made by another version: run `publisher migrate`."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(
            f"the database is at schema '{found}', this program needs '{expected}'\n"
            "hint: run `publisher migrate`"
        )


class TemplateFault(PublisherError):
    """A template of the theme failed: mend it, nothing was published."""

    exit_status = 1

    def __init__(self, template: str, line: int | None, reason: str) -> None:
        super().__init__(f"templates/{template}:{line or 1}:1: error[template-fault]: {reason}")


class UnsoundEntry(PublisherError):
    """A calendar entry would not be read alike by all programs: this program is at fault, report it."""

    exit_status = 1

    def __init__(self, event: str, finding: str) -> None:
        super().__init__(
            f"the calendar entry of event '{event}' is unsound, nothing was released\n{finding}\n"
            "hint: report it with this record; until it is mended, take out what was changed last"
        )
