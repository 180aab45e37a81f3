"""What all of feedparser's parsers do differently here: links, and words that are no article."""

from typing import TYPE_CHECKING, Any

from newsletter.model.address import joined


class OwnHandlers:
    """Put before one of feedparser's parsers.

    Relative links hang on xml:base, else on the feed's own link, else on the address fetched.

    feedparser takes every description for one more body of the entry. Here `media:description`
    says what a picture shows (kept with its `media:content`, else as the entry's
    `media_description`), and `dc:description` and `itunes:summary` are kept under their own names.
    """

    document_url = ""
    resolve_relative_uris = False
    sanitize_html = False
    baseuri: str
    inentry: int
    intextinput: int
    feeddata: Any
    _is_in_media = False

    if TYPE_CHECKING:  # feedparser's, and asked for at every element

        def push(self, element: str, expecting_text: int) -> None: ...

        def pop(self, element: str, strip_whitespace: int = 1) -> Any: ...

        def _get_context(self) -> Any: ...

    def _start_textinput(self, attributes: Any) -> None:
        super()._start_textinput(attributes)  # type: ignore[misc]
        if self.inentry:  # feedparser looks for its parts in the feed's own box: a KeyError
            self.intextinput = 0

    def resolve_uri(self, uri: str) -> str:
        base = self.baseuri
        if not base or base == self.document_url:
            link = self.feeddata.get("link") if self.inentry else ""
            is_usable = bool(link) and link.startswith(("http://", "https://"))
            base = link if is_usable else self.document_url
        try:
            return joined(base, uri)
        except ValueError:
            return uri

    def _start_media_content(self, attributes: Any) -> None:
        super()._start_media_content(attributes)  # type: ignore[misc]
        self._is_in_media = True

    def _end_media_content(self) -> None:
        self._is_in_media = False

    def _start_media_description(self, attributes: Any) -> None:
        self.push("media_description", not self._is_in_media)

    def _end_media_description(self) -> None:
        words = self.pop("media_description")
        media = self._get_context().get("media_content")
        if self._is_in_media and words and media:
            media[-1].setdefault("description", words)

    def _start_media_title(self, attributes: Any) -> None:
        if self._is_in_media:
            self.push("media_title", 0)
        else:
            super()._start_media_title(attributes)  # type: ignore[misc]

    def _end_media_title(self) -> None:
        if self._is_in_media:
            self.pop("media_title")
        else:
            super()._end_media_title()  # type: ignore[misc]

    def _start_dc_description(self, attributes: Any) -> None:
        self.push("dc_description", 1)

    def _end_dc_description(self) -> None:
        self.pop("dc_description")

    def _start_itunes_summary(self, attributes: Any) -> None:
        self.push("itunes_summary", 1)

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")

    # feedparser makes a date of anything, the first of a month of a year: dates.py reads them.
    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated
