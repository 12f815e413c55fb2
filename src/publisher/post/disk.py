"""Whether the disk has room for what delivering writes down.

On a disk that is full "this one is being sent" may still be written, and "this
one was sent" not any more. Every run would then mail the same readers again.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.post.postbox import Postbox

_MB = 1_000_000
#: So much must be free before messages are claimed, in bytes. The log of SQLite grows to 4 MB between two
#: checkpoints, and further while somebody reads; the rest is for whoever else writes there in the meantime.
ROOM = 32 * _MB


def shortage(postbox: Postbox) -> str:
    """Why nothing can be written down; '' when it can, or when that is a database server's affair."""
    file = postbox.database.file
    if file is None:
        return ""
    free = shutil.disk_usage(file.parent).free
    if free >= ROOM:
        return ""
    folder = "var/" if file.parent == postbox.var else f"'{file.parent}'"
    return (
        f"the disk of {folder} is nearly full ({free // _MB} MB are free, {ROOM // _MB} MB are needed"
        " to write down who was mailed); nothing more is sent\nhint: make room, then deliver again"
    )
