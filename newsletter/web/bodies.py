"""How requests are read: in memory only, and as large as the page that asked for it allows."""

from typing import IO, Any

from flask import Request

from newsletter.web.stories import LARGEST_STORY, NEW_STORY


class Body(Request):
    """A request none of whose parts is ever spooled to a temporary file."""

    @property
    def max_content_length(self) -> int | None:
        """More for the one page that takes a picture."""
        if self.path == NEW_STORY:
            return LARGEST_STORY
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        Request.max_content_length.fset(self, value)  # type: ignore[attr-defined]

    def _get_file_stream(self, *_args: Any, **_named: Any) -> IO[bytes]:
        from io import BytesIO

        return BytesIO()
