"""What changed between an answer as it was recorded and the same question answered now, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from consilium.adapters.replay.record import Json

_LISTED = 6
_VECTORS = "vectors"
Held = Mapping[str, int | None]


class Difference(NamedTuple):
    """A stage that came out otherwise, and how, a sentence each."""

    stage: str
    said: tuple[str, ...]


def differences(then: Json, now: Json, held: Held) -> tuple[Difference, ...]:
    """Every stage that differs, in the order in which an answer comes about.

    Args:
        held: the version that the library holds now of each source that was found then; None if none.
    """
    basis = then["basis"], now["basis"]
    stages: tuple[tuple[str, Iterable[str]], ...] = (
        ("version", _changed(*basis, {"consilium": "Consilium"})),
        ("settings", _changed(basis[0]["settings"], basis[1]["settings"], {})),
        ("lexicon", _changed(*basis, {"lexicon": "the lexicon is another one:"})),
        ("rules", _changed(*basis, {"rules": "the rule tables are others:"})),
        ("library", _library(*basis, held)),
        ("vectors", _vectors(*basis)),
        ("plan", _plan(then["plan"] or {}, now["plan"] or {})),
        ("queries", _queries(then["queries"], now["queries"])),
        ("ranks", _ranks(_named(then["found"]), _named(now["found"]))),
        ("gates", _gates(_named(then["gates"]), _named(now["gates"]))),
        ("evidence", _evidence(_named(then["evidence"]), _named(now["evidence"]))),
        ("claims", _claims(then["claims"], now["claims"])),
        ("article", _article(then["article"], now["article"])),
    )
    return tuple(Difference(stage, told) for stage, said in stages if (told := tuple(said)))


def same_article(then: Json, now: Json) -> bool:
    """Whether both say the same in the same words: content, wording and the notice of an emergency."""
    return _told(then["article"]) == _told(now["article"])


def _told(article: Json) -> tuple[Any, ...]:
    return article["id"], (article["rendering"] or {}).get("id"), article["run"]["urgent_notice"]


def _changed(then: Json, now: Json, names: Mapping[str, str]) -> list[str]:
    """Values under these names (all, where none are given) that are others now."""
    keys = names or dict.fromkeys([*then, *now])
    return [
        f"{names.get(key, key.replace('_', ' '))} {_shown(then.get(key))} → {_shown(now.get(key))}"
        for key in keys
        if then.get(key) != now.get(key)
    ]


def _library(then: Json, now: Json, held: Held) -> list[str]:
    said = [
        f"generation of {name} {_shown(was)} → {_shown(is_)}"
        for name in sorted({*then["generations"], *now["generations"]} - {_VECTORS})
        if (was := then["generations"].get(name)) != (is_ := now["generations"].get(name))
    ]
    was = then["sources"]
    said += _list("gone", [name for name in was if held.get(name) is None])
    changed = [n for n, version in was.items() if held.get(n) is not None and held[n] != version]
    said += _list("changed", [f"{name} (version {was[name]} → {held[name]})" for name in changed])
    if said:
        said += _list("found now and not then", [name for name in now["sources"] if name not in was])
    return said


def _vectors(then: Json, now: Json) -> list[str]:
    said = _changed(then["generations"], now["generations"], {_VECTORS: "generation of the vectors"})
    if then["vectors"] is None or now["vectors"] is None:
        models = [(one["vectors"] or {}).get("model") for one in (then, now)]
        return said + ([f"embedding model {_shown(models[0])} → {_shown(models[1])}"] if any(models) else [])
    return said + _changed(then["vectors"], now["vectors"], {})


def _plan(then: Json, now: Json) -> list[str]:
    said = _changed({**then, "terms": None}, {**now, "terms": None}, {})
    terms = [{(t["words"], t["concept"]): t for t in plan.get("terms", ())} for plan in (then, now)]
    for key in [key for key in terms[0] if key not in terms[1]]:
        said.append(f"no longer reads “{key[0]}” as {key[1] or 'a word'}")
    for key, term in terms[1].items():
        if key not in terms[0]:
            said.append(f"now reads “{key[0]}” as {key[1] or 'a word'}")
        else:
            said += [f"“{key[0]}”: {change}" for change in _changed(terms[0][key], term, {})]
    if not said and then != now:
        said.append("the terms are in another order")
    return said


def _queries(then: list[Json], now: list[Json]) -> list[str]:
    if len(then) != len(now):
        return [f"{len(then)} queries → {len(now)}"]
    said: list[str] = []
    for was, is_ in zip(then, now, strict=True):
        what = [name for name in is_ if was.get(name) != is_[name]]
        said += _list(f"the query for {'/'.join(is_['kinds'])} has other", what)
    return said


def _ranks(then: dict[str, Json], now: dict[str, Json]) -> list[str]:
    both = [name for name in now if name in then]
    moved = [name for name in both if then[name]["rank"] != now[name]["rank"]]
    scored = [n for n in both if n not in moved and _scores(then[n]) != _scores(now[n])]
    reworded = [name for name in both if then[name]["sha256"] != now[name]["sha256"]]
    return [
        *_list("no longer found", [name for name in then if name not in now]),
        *_list("newly found", [f"{name} (rank {now[name]['rank']})" for name in now if name not in then]),
        *_list("reads otherwise", reworded),
        *_list("other rank", [f"{n} {then[n]['rank']} → {now[n]['rank']}" for n in moved]),
        *_list("other score", [f"{n} {then[n]['score']:.6g} → {now[n]['score']:.6g}" for n in scored]),
    ]


def _scores(found: Json) -> tuple[Any, ...]:
    return found["score"], found["by_text"], found["by_meaning"], found["by_pieces"]


def _gates(then: dict[str, Json], now: dict[str, Json]) -> list[str]:
    both = [name for name in now if name in then]
    fate = [n for n in both if _fate(then[n]) != _fate(now[n])]
    parts = ("rulings", "then", "features")
    rest = [n for n in both if n not in fate and any(then[n][p] != now[n][p] for p in parts)]
    return [
        *(f"{name}: {_fate(then[name])} → {_fate(now[name])}" for name in fate[:_LISTED]),
        *([f"and {len(fate) - _LISTED} more with another fate"] if len(fate) > _LISTED else []),
        *_list("other measures, the same fate", rest),
    ]


def _fate(gates: Json) -> str:
    if gates["places"]:
        return f"cited ({gates['why']})"
    return f"stopped by {gates['stopped_by'] or 'verification'} ({gates['why']})"


def _evidence(then: dict[str, Json], now: dict[str, Json]) -> list[str]:
    both = [name for name in now if name in then]
    scored = [name for name in both if then[name] != now[name]]
    return [
        *_list("no longer admitted", [name for name in then if name not in now]),
        *_list("newly admitted", [name for name in now if name not in then]),
        *_list("weighs otherwise", [_weighs(then[name], now[name]) for name in scored]),
    ]


def _weighs(then: Json, now: Json) -> str:
    changes = _changed(then, now, {"score": "score", "odds": "odds"}) or ["other notes"]
    return f"{now['sentence']} ({', '.join(changes)})"


def _claims(then: list[Json], now: list[Json]) -> list[str]:
    was, is_ = ({c["sentences"][0]["id"]: c for c in claims} for claims in (then, now))
    both = [name for name in is_ if name in was]
    reworded = [n for n in both if was[n]["sentences"] != is_[n]["sentences"] or was[n]["id"] != is_[n]["id"]]
    placed = [name for name in both if was[name]["places"] != is_[name]["places"]]
    said = [
        *_list("sentence removed", [name for name in was if name not in is_]),
        *_list("sentence added", [name for name in is_ if name not in was]),
        *_list("sentence reworded", reworded),
        *(
            f"{name}: {_shown(was[name]['places'])} → {_shown(is_[name]['places'])}"
            for name in placed[:_LISTED]
        ),
    ]
    return said or (["the claims are in another order"] if [*was] != [*is_] else [])


def _article(then: Json, now: Json) -> list[str]:
    said = [] if then["kind"] == now["kind"] else [f"{then['kind']} → {now['kind']}"]
    contents = then["content"], now["content"]
    other = [
        k for k in dict.fromkeys([*contents[0], *contents[1]]) if contents[0].get(k) != contents[1].get(k)
    ]
    said += _list("other content under", [name.replace("_", " ") for name in other])
    if not other and (then["rendering"] or {}).get("id") != (now["rendering"] or {}).get("id"):
        said.append("the wording for its reader is another one")
    if then["run"]["urgent_notice"] != now["run"]["urgent_notice"]:
        said.append("the notice of an emergency is another one")
    rest = ("follows", "retrieved", "admitted", "excluded", "excluded_total", "follow_ups", "fallbacks")
    return said + _list("beside it", _changed(then["run"], now["run"], dict(zip(rest, rest, strict=True))))


def _named(rows: list[Json]) -> dict[str, Json]:
    return {row["sentence"]: row for row in rows}


def _list(what: str, names: list[str]) -> list[str]:
    """One sentence that names the first few."""
    if not names:
        return []
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [f"{what}: {', '.join(names[:_LISTED])}{more}"]


_MOST = 80


def _shown(value: object) -> str:
    """A value in a few words."""
    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        value = ", ".join(_shown(one) for one in value)
    words = f"{value:.6g}" if isinstance(value, float) else str(value)
    return words if len(words) <= _MOST else words[: _MOST - 1] + "…"
