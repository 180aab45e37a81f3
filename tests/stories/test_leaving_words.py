"""Every word that a reader can see or hear is looked through."""

from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.stories.record.bare_words import words_of
from newsletter.stories.record.leaving_words import leaving_words

HTML = """
<html lang="en"><head><title>Head</title><style>p { color: red }</style></head>
<body><table><tr><td>one</td><td>two</td></tr></table><p>th<b>re</b>e</p><p>four</p>
<img src="cid:x" alt="five" title="six"><a href="https://no.example" aria-label="seven">eight</a>
<script>var nothing</script></body></html>
"""


def test_all_parts_of_an_edition_are_words_that_leave_and_its_styles_are_not() -> None:
    picture = InlinePicture(cid="x", media_type="image/png", data=b"", alt="thirteen")
    edition = RenderedEdition(
        issue_id="2026-W47",
        language="en",
        subject="nine",
        preheader="ten",
        html=HTML,
        text="eleven twelve",
        pictures=(picture,),
    )
    said = "nine ten eleven twelve Head one two three four five six seven eight thirteen"
    assert words_of(leaving_words(edition)) == words_of(said)
