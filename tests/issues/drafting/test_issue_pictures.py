"""The files in an issue's `pictures/`."""

from pathlib import Path

from newsletter.files import WorkspaceFiles
from newsletter.issues.drafting.issue_pictures import read_pictures
from newsletter.issues.facts import PictureFile
from newsletter.model.issue import Edition, Placement, Section


def test_only_the_pictures_that_a_draft_names_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "issues/2026-W48/pictures"
    folder.mkdir(parents=True)
    for name in ("named.png", "abcdefgh.png", "left over.png"):
        (folder / name).write_bytes(b"no picture")
    placements = (
        Placement(title="A note", details={"picture": "named.png"}),
        Placement(title="A piece", item_id="abcdefgh"),
    )
    edition = Edition(
        issue_id="2026-W48",
        language="en",
        subject="",
        sections=(Section(id="news", title="News", placements=placements),),
    )
    pictures = read_pictures(WorkspaceFiles(tmp_path), [edition])
    assert pictures["left over.png"] == PictureFile()
    assert pictures["named.png"].problem
    assert pictures["abcdefgh.png"].problem
    assert len(pictures) == 3
