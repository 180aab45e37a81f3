"""Every word that a reader can see or hear, or that a link carries, is looked through."""

from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.leaving_words import leaving_words

HTML = """
<html lang="en"><head><title>Head</title><style>p { color: red }</style></head>
<body><table><tr><td>one</td><td>two</td></tr></table>
<p>th<b>re</b>e <a href="https://a.example/nine%20ten+eleven" title="twelve">fo</a>ur</p>
<img src="cid:x" alt="five" title="six"><p aria-label="seven">eight</p>
<script>var nothing</script></body></html>
"""


def test_all_parts_of_an_edition_are_words_that_leave_and_its_styles_are_not() -> None:
    picture = InlinePicture(cid="x", media_type="image/png", data=b"", alt="thirteen")
    edition = RenderedEdition(
        issue_id="2026-W47",
        language="en",
        subject="subject",
        preheader="preheader",
        html=HTML,
        text="plain text",
        pictures=(picture,),
    )
    said = (
        "subject preheader plain text Head one two three four eight "
        "https a example nine ten eleven twelve five six seven thirteen"
    )
    assert words_of(leaving_words(edition)) == words_of(said)
