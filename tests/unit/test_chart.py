"""Figures as a picture."""

from __future__ import annotations

import sys

import pytest

from consilium.adapters.renderings import chart
from consilium.errors import ConfigurationError

ROWS = [
    {
        "system": name, "ndcg@10": found, "ndcg@10_low": found - 0.04, "ndcg@10_high": found + 0.04,
        "p50_ms": 1.5, "p95_ms": 4.0, "queries": 300, "documents": 5183,
    }
    for name, found in (("text", 0.689), ("hybrid", 0.731))
]  # fmt: skip


def test_an_svg_names_the_systems_the_measures_and_the_collection(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra `plots`) is not installed")
    chart.draw(tmp_path / "a.svg", "scifact", ROWS)
    drawn = (tmp_path / "a.svg").read_text("utf-8")
    for words in ("text", "hybrid", "nDCG@10, 95 % interval", "scifact, 300 queries", "5,183 documents"):
        assert f">{words}<" in drawn


def test_the_same_figures_are_drawn_byte_for_byte_alike(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra `plots`) is not installed")
    for name in ("a.svg", "b.svg"):
        chart.draw(tmp_path / name, "scifact", ROWS)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_png_is_one(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra `plots`) is not installed")
    chart.draw(tmp_path / "a.png", "scifact", ROWS[:1])
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_another_form_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"must end in \.svg or \.png"):
        chart.draw(tmp_path / "a.pdf", "scifact", ROWS)


def test_without_matplotlib_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'consilium\[plots\]'"):
        chart.draw(tmp_path / "a.svg", "scifact", ROWS)


def test_a_picture_that_cannot_be_written_says_so(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra `plots`) is not installed")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        chart.draw(tmp_path / "nowhere" / "a.svg", "scifact", ROWS)
