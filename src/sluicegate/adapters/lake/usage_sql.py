"""The SQL by which usage text becomes rows of the lake, in one scan.

A row in a plain form (decimal digits, ISO 8601 with offset, all required
values there) is read here, exactly. Any other row leaves `day` NULL and is
read again, one by one, in `usage_rows`: either it is fine in a rarer form or
its faults are named there. So SQL decides what is plain, never what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sluicegate.adapters.lake.usage_rows import (
    LAKE_COLUMNS,
    LATEST_MS,
    MOST_DAYS,
    MOST_OFFSET_MINUTES,
)
from sluicegate.registry.native import native_kinds

TEXT_COLUMNS = native_kinds()["usage"].names
"""The columns of usage as text, in order."""

_INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}(:[0-9]{2})?)"
)
_FIGURE = r"[0-9]{1,6}(\.[0-9]+)?"
_DAY_MS = 86_400_000
_FEW_NAMES = 16
_WHO = "(customer_id IS NOT NULL OR account IS NOT NULL)"

MACROS = (
    # n / d for n >= 0 and an even d, rounded half to even; `more` says that n was cut off above
    # the true value.
    """CREATE OR REPLACE TEMP MACRO rounded(n, d, more) AS
       (n + d // 2 - 1 + CASE WHEN more THEN 1 ELSE (n // d) % 2 END) // d""",
    # The offset that an instant is written with: its clock minus UTC.
    """CREATE OR REPLACE TEMP MACRO written_offset(text) AS
       (epoch_us(TRY_CAST(left(text, 19) AS TIMESTAMP))
        - epoch_us(TRY_CAST(text AS TIMESTAMPTZ)) // 1000000 * 1000000) // 60000000""",
    """CREATE OR REPLACE TEMP MACRO to_ms(us) AS (us + 499 + (us // 1000) % 2) // 1000""",
    # Nine decimal places of a figure as an integer; further digits are in `further`.
    f"""CREATE OR REPLACE TEMP MACRO billionths(text) AS
       CASE WHEN regexp_full_match(text, '{_FIGURE}') THEN
         CASE WHEN length(text) <= 10 THEN CAST(text || 'e9' AS BIGINT)
         ELSE split_part(text, '.', 1)::BIGINT * 1000000000
            + rpad(split_part(text, '.', 2)[1:9], 9, '0')::BIGINT END END""",
    """CREATE OR REPLACE TEMP MACRO further(text) AS
       length(text) > 10 AND rtrim(split_part(text, '.', 2)[10:], '0') <> ''""",
)

COMMON_OFFSETS = ("Z", "+00:00")


def instant_macros(offsets: Sequence[str]) -> tuple[str, ...]:
    """Return macros that read instants; those with the offsets given are read fastest.

    `offsets` are Z or +hh:mm. The last six characters and the length are
    compared first because a regular expression costs twice the reading itself.
    """
    given = {text: _minutes(text) for text in (*offsets, *COMMON_OFFSETS)}
    minutes = {text: value for text, value in given.items() if abs(value) <= MOST_OFFSET_MINUTES}
    cases = " ".join(
        f"WHEN length(text) = {19 + len(text)} AND suffix(text, '{text}') THEN {value}"
        for text, value in minutes.items()
    )
    return (
        f"CREATE OR REPLACE TEMP MACRO common_offset(text) AS CASE {cases} END",
        f"""CREATE OR REPLACE TEMP MACRO instant_ms(text, common) AS
       CASE WHEN common IS NOT NULL THEN epoch_ms(TRY_CAST(text AS TIMESTAMPTZ))
            WHEN regexp_full_match(text, '{_INSTANT}')
            THEN to_ms(epoch_us(TRY_CAST(text AS TIMESTAMPTZ))) END""",
    )


def _minutes(offset: str) -> int:
    if offset == "Z":
        return 0
    value = int(offset[1:3]) * 60 + int(offset[4:6])
    return -value if offset[0] == "-" else value


NAMES_TABLE = "CREATE OR REPLACE TEMP TABLE names (given VARCHAR, id VARCHAR)"


def quoted(text: str) -> str:
    """Return a text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def csv_relation(
    file: str, columns: Sequence[str], source: str, *, has_lines: bool, is_gzip: bool = False
) -> str:
    """Return SQL that reads a CSV file as text columns of usage; absent ones are NULL."""
    compression = "gzip" if is_gzip else "none"
    typed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    scan = (
        f"read_csv({quoted(file)}, auto_detect = false, header = true, delim = ',', quote = '\"',"
        f" escape = '\"', nullstr = '', compression = '{compression}', columns = {{{typed}}})"
    )
    return _projected(scan, columns, source, "line::BIGINT" if has_lines else "NULL::BIGINT", "{}")


def parquet_relation(file: str, columns: Sequence[str], source: str) -> str:
    """Return SQL that reads a Parquet file as text columns of usage, with its row numbers."""
    scan = f"read_parquet({quoted(file)}, file_row_number = true)"
    return _projected(scan, columns, source, "file_row_number + 1", "nullif({}::VARCHAR, '')")


def _projected(
    scan: str, columns: Iterable[str], source: str, line: str, present_value: str
) -> str:
    present = {name: f'"{name}"' for name in columns}
    parts = []
    for name in TEXT_COLUMNS:
        value = present_value.format(present[name]) if name in present else "NULL::VARCHAR"
        if name == "source":
            value = f"coalesce({value}, {quoted(source)})"
        parts.append(f'{value} AS "{name}"')
    return f"SELECT {line} AS line, {', '.join(parts)} FROM {scan}"


def typed_select(
    relation: str, states: Sequence[str], names: Mapping[str, str], *, with_line: bool
) -> str:
    """Return SQL from text to lake columns; `day` is NULL for a row that is not plain.

    Such a row keeps its text name in `accelerator` when `names` lacks it, so
    that the name can be looked up. A record that passes a local midnight gives
    its first segment; `further_segments` gives the others.
    """
    known = ", ".join(map(quoted, states))
    line = "line, " if with_line else ""
    found, joined = _named(names)
    return f"""
-- An expression that stands twice is read for every row; what only rare rows need stands once.
WITH given AS (
  SELECT *, coalesce(accelerator, instance_type) AS given_name,
    common_offset("start") AS start_common, common_offset("end") AS end_common
  FROM ({relation})),
read AS (
  SELECT *, instant_ms("start", start_common) AS first_ms,
    CASE WHEN end_common IS NOT NULL OR abs(written_offset("end")) <= {MOST_OFFSET_MINUTES}
         THEN instant_ms("end", end_common) END AS last_ms,
    coalesce(start_common, written_offset("start")) AS offset_min,
    billionths(accelerator_count) AS counted,
    CASE WHEN utilisation IS NULL THEN 0 ELSE billionths(utilisation) END AS used,
    lower(state) AS lower_state
  FROM given),
rounded AS (
  SELECT read.*, {found},
    rounded(used, 100000, further(utilisation)) AS basis_points,
    (first_ms + offset_min * 60000) // {_DAY_MS} AS first_day
  FROM read{joined}),
judged AS (
  SELECT *, (first_day + 1) * {_DAY_MS} - offset_min * 60000 AS midnight_ms,
    CASE WHEN millionths > 0 AND first_day > 0 AND abs(offset_min) <= {MOST_OFFSET_MINUTES}
    AND last_ms < {LATEST_MS} AND last_ms - first_ms BETWEEN 1 AND {MOST_DAYS * _DAY_MS}
    AND (used < 1000000000 OR (used = 1000000000 AND NOT further(utilisation)))
    AND record_id IS NOT NULL AND {_WHO}
    AND (state IS NULL OR lower_state IN ({known})) THEN true ELSE false END AS plain
  FROM rounded)
SELECT {line}source, record_id, 0::INTEGER AS segment,
  CASE WHEN plain THEN DATE '1970-01-01' + first_day::INTEGER END AS day,
  first_ms AS start_ms, least(last_ms, midnight_ms) AS end_ms,
  CASE WHEN last_ms > midnight_ms THEN last_ms END AS record_end_ms,
  offset_min::SMALLINT AS offset_minutes,
  least(last_ms, midnight_ms) - first_ms AS duration_ms, customer_id,
  CASE WHEN customer_id IS NULL THEN account END AS account,
  cluster_id, resource_id, run_id, team, lower_state AS state,
  coalesce(resolved, given_name) AS accelerator, millionths AS accelerators_millionths,
  CASE WHEN plain AND utilisation IS NOT NULL THEN basis_points::INTEGER END AS utilisation_bp
FROM judged"""


def _named(names: Mapping[str, str]) -> tuple[str, str]:
    """Return SQL for id and count, and a join: a few names need none."""
    count = "rounded(counted, 1000, further(accelerator_count))"
    if names and len(names) <= _FEW_NAMES:
        cases = " ".join(f"WHEN {quoted(t)} THEN {quoted(name)}" for t, name in names.items())
        resolved, joined = f"CASE given_name {cases} END", ""
    else:
        resolved, joined = "names.id", " LEFT JOIN names ON names.given = read.given_name"
    known = f"CASE WHEN {resolved} IS NOT NULL THEN {count} END"
    return f"{resolved} AS resolved, {known} AS millionths", joined


def further_segments(rows: str, *, with_line: bool) -> str:
    """Return SQL for the segments after the first of records that pass a local midnight."""
    line = "line, " if with_line else ""
    same = ", ".join(LAKE_COLUMNS[LAKE_COLUMNS.index("customer_id") :])
    return f"""
WITH divided AS (
  SELECT *, end_ms AS midnight_ms, unnest(range(
      1, 2 + (record_end_ms - 1 - end_ms) // {_DAY_MS})) AS part
  FROM {rows} WHERE record_end_ms IS NOT NULL AND day IS NOT NULL),
placed AS (
  SELECT *, midnight_ms + (part - 1) * {_DAY_MS} AS first_ms,
    least(record_end_ms, midnight_ms + part * {_DAY_MS}) AS last_ms FROM divided)
SELECT {line}source, record_id, part::INTEGER AS segment, day + part::INTEGER AS day,
  first_ms AS start_ms, last_ms AS end_ms, record_end_ms, offset_minutes,
  last_ms - first_ms AS duration_ms, {same}
FROM placed"""


_CONTENT = ", ".join(
    f"coalesce({name}::VARCHAR, chr(1))"
    for name in (*LAKE_COLUMNS[LAKE_COLUMNS.index("customer_id") :], "offset_minutes")
)


def records_select(rows: str, key: str) -> str:
    """Return SQL for the first segments, as records: key, first and last ms, their content."""
    return (
        f"SELECT {key}, start_ms AS first_ms, coalesce(record_end_ms, end_ms) AS last_ms,"
        f" md5_number(concat_ws(chr(0), {_CONTENT})) AS content FROM {rows}"
    )


def lake_select(rows: str, keep: str) -> str:
    """Return SQL for the lake's columns of the rows that are kept."""
    return f"SELECT {', '.join(LAKE_COLUMNS)} FROM {rows} WHERE day IS NOT NULL AND {keep}"


def parquet_files(folder: Path) -> str:
    """Return SQL that reads the Parquet files of a folder."""
    return f"read_parquet({quoted(f'{folder}/*.parquet')})"


def copied(select: str, target: str, options: Mapping[str, str]) -> str:
    """Return a COPY to Parquet."""
    given = "".join(f", {name} {value}" for name, value in options.items())
    return f"COPY ({select}) TO {quoted(target)} (FORMAT parquet{given})"
