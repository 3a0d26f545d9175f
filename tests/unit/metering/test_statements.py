"""The named statements are package data that every engine's dialect can read."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from sluicegate.adapters.lake.rendering import kept, render
from sluicegate.metering import statements
from sluicegate.metering.statements import DIMENSIONS, KEYS

DIALECTS = ("duckdb", "spark", "postgres")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", statements.names())
def test_every_statement_renders_for_every_dialect_with_its_columns(
    name: str, dialect: str
) -> None:
    rendered = sqlglot.parse_one(render(name, dialect), read=dialect)
    assert isinstance(rendered, exp.Select)
    columns = [column.alias_or_name for column in kept(name).expressions]
    assert [column.alias_or_name for column in rendered.expressions] == columns
    assert "--" not in render(name, dialect)


@pytest.mark.parametrize("name", statements.names())
def test_every_statement_opens_with_what_it_computes(name: str) -> None:
    lines = statements.text(name).splitlines()
    assert lines[0].startswith("-- ")
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("name", statements.names())
def test_every_product_of_sums_widens_its_operands_first(name: str) -> None:
    """A product of two narrow columns would wrap silently on some engines."""
    exact = {"accelerator_time", "measured_time", "measured_use", "accelerators"}
    exact |= {"flop_low", "flop_central", "flop_high"}
    for product in kept(name).find_all(exp.Mul):
        for side in (product.this, product.expression):
            is_wide = isinstance(side, exp.Cast) and side.to.sql() == "DECIMAL(38, 0)"
            is_made = isinstance(side, exp.Mul | exp.Paren)
            assert is_wide or is_made or side.name in exact, side.sql()


def test_a_key_that_is_not_kept_is_null_and_not_grouped() -> None:
    pruned = kept("daily_usage", ["customer_id"])
    grouped = {key.name for key in pruned.args["group"].expressions}
    assert grouped == {"day", "customer_id", "accelerator"}
    columns = {column.alias_or_name: column for column in pruned.expressions}
    assert set(KEYS) <= set(columns)
    assert columns["team"].sql() == "CAST(NULL AS VARCHAR) AS team"
    assert columns["customer_id"].sql() == "customer_id"


def test_every_dimension_is_a_column_of_totals() -> None:
    columns = [column.alias_or_name for column in kept("totals").expressions]
    assert tuple(columns[: len(DIMENSIONS)]) == DIMENSIONS


@pytest.mark.parametrize("name", ["totals", "daily_usage"])
def test_an_unknown_key_is_named(name: str) -> None:
    with pytest.raises(KeyError, match="colour"):
        kept(name, ["colour"])


def test_an_unknown_statement_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match="daily_usage"):
        statements.text("nightly")
