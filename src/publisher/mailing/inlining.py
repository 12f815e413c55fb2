"""Style sheets written into the elements of a mail: what mail programs do not throw away."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from css_inline import CSSInliner

#: Marks a style sheet that is to travel with the mail: those for dark and for small screens.
_KEPT = ' data-css-inline="keep"'


def inlined(html: str) -> str:
    """A page whose style sheets are written into its elements, but for those that it marks to be kept."""
    return _inliner().inline(html).replace(_KEPT, "")


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    """One for the whole process; it loads nothing, from nowhere."""
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, minify_css=True)
