"""Every migration carries along what is in the database: rows of older models, column by column."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps as current
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from consilium.site.audit import triggers
from consilium.site.audit.chain import GENESIS

OURS = ("accounts", "articles", "editorial", "api", "audit")
# What a migration took out on purpose. A column that goes and is not named here was lost.
TAKEN_OUT = {("articles", "run", "visitor")}
# What a chain of one entry has to say, so that the triggers take the next one.
FIXED = {("audit", "auditentry", "sequence"): 1, ("audit", "auditentry", "previous"): GENESIS}
MOMENT = datetime.datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=datetime.UTC)
KINDS: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, True),
    (models.DateTimeField, MOMENT),
    (models.UUIDField, uuid.UUID("00000000-0000-4000-8000-00000000000a")),
    (models.JSONField, {"made": ["up", 1, None]}),
    (models.EmailField, "ada@example.org"),
    (models.IntegerField, 7),
    (models.CharField, "made up ≥"),
    (models.TextField, "made\nup ≥"),
)


def first_of(app: str) -> str:
    names = sorted(name for found, name in MigrationExecutor(connection).loader.graph.nodes if found == app)
    return names[0]


def value(field: models.Field) -> Any:
    """Something that is not the default, and that the column takes."""
    if field.choices:
        return next(key for key, _ in reversed(field.flatchoices) if key != field.default)
    found = next(made for kind, made in KINDS if isinstance(field, kind))
    return found[: field.max_length] if isinstance(found, str) and field.max_length else found


def filled(model: type[models.Model], made: dict[str, models.Model]) -> models.Model:
    """A row of a model with something in every column, after the rows that it points to."""
    label = model._meta.label_lower
    if label in made:
        return made[label]
    columns: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        key = (model._meta.app_label, model._meta.model_name, field.name)
        if key in FIXED:
            columns[field.name] = FIXED[key]
        elif field.related_model is not None:
            pointed = field.related_model
            columns[field.attname] = None if pointed is model else filled(pointed, made).pk
        elif not isinstance(field, models.AutoField):
            columns[field.name] = value(field)
    made[label] = model._base_manager.create(**columns)
    return made[label]


def rows(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._base_manager.order_by("pk").values())


@pytest.fixture(params=OURS)
def upgraded(request, opened, tmp_path):
    """An app at its first migration with a row of each model that there was, then brought up to date."""
    with opened(tmp_path / "site.sqlite3"):
        start = MigrationExecutor(connection)
        state = start.migrate([(request.param, first_of(request.param))])
        made: dict[str, models.Model] = {}
        for model in list(state.apps.get_models()):
            if model._meta.app_label in OURS:
                filled(model, made)
        before = {label: rows(type(row)) for label, row in made.items()}
        end = MigrationExecutor(connection)
        end.migrate(end.loader.graph.leaf_nodes())
        yield request.param, before


def test_a_row_of_each_older_model_is_there_with_all_that_it_said(upgraded):
    app, before = upgraded
    assert any(label.startswith(f"{app}.") for label in before)
    for label, kept in before.items():
        now = rows(current.get_model(label))
        assert len(now) == len(kept) == 1, label
        lost = {key for key in kept[0] if key not in now[0]}
        assert lost == {name for a, m, name in TAKEN_OUT if f"{a}.{m}" == label and name in kept[0]}, label
        assert {key: now[0][key] for key in kept[0] if key not in lost} == {
            key: was for key, was in kept[0].items() if key not in lost
        }, label


def test_the_database_refers_to_nothing_that_is_gone_and_guards_its_log(upgraded):
    connection.check_constraints()
    assert triggers.missing(connection) == ()


def test_no_model_has_changed_without_a_migration(opened, tmp_path):
    from django.core.management import call_command

    with opened(tmp_path / "site.sqlite3"):
        call_command("makemigrations", *OURS, check=True, dry_run=True, verbosity=0)
