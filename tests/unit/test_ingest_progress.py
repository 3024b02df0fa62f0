"""How far an ingest is, told line by line where there is no terminal."""

from __future__ import annotations

import pytest

from consilium.adapters.library.ingest import Progress
from consilium.cli import ingest_progress
from consilium.cli.ingest_progress import Telling


@pytest.fixture
def files(tmp_path):
    made = [tmp_path / f"part-{number}.xml" for number in range(4)]
    for file in made:
        file.write_bytes(b"x" * 1000)
    return made


def test_rate_and_time_left_are_told_every_few_seconds(files, monkeypatch, capsys):
    clock = iter((0.0, 1.0, 10.0, 11.0))
    monkeypatch.setattr(ingest_progress.time, "monotonic", lambda: next(clock))
    telling = Telling(files)
    with telling as tell:
        tell(Progress(0, 500, 50))
        tell(Progress(1, 0, 1000))
        tell(Progress(1, 100, 1100))
    assert capsys.readouterr().err == "part-1.xml: 1,000 records, 100 a second, 30 s left\n"


def test_files_that_were_passed_over_do_not_shorten_the_time_left(files, monkeypatch, capsys):
    clock = iter((0.0, 0.1, 0.1, 10.0))
    monkeypatch.setattr(ingest_progress.time, "monotonic", lambda: next(clock))
    with Telling(files) as tell:
        tell(Progress(0, 0, 0, known=True))
        tell(Progress(1, 0, 0, known=True))
        tell(Progress(3, 0, 1000))
    assert capsys.readouterr().err == "part-3.xml: 1,000 records, 100 a second, 10 s left\n"
