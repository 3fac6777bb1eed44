"""An analyst's SELECT: what leaks, writes, changes or never ends is refused, by the gate and by the process without it."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import duckdb
import pytest

from insights.sandbox import Refused, gate, run

CANARY = "canary-4711"
RELATIONS = ("customers", "tickets")

READS = (
    "SELECT * FROM '{file}'",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_json_auto('{file}')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM parquet_metadata('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT content FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_duckdb('{file}')",
    "SELECT * FROM parse_duckdb_log_message('x')",
    'FROM "{file}"',
    "SELECT getenv('HOME')",
)
CHANGES = (
    "COPY customers TO '/tmp/out.csv'",
    "EXPORT DATABASE '/tmp/out'",
    "CREATE TABLE x AS SELECT 1",
    "DROP TABLE customers",
    "UPDATE customers SET name = 'x'",
    "DELETE FROM customers",
    "INSERT INTO customers VALUES ('a')",
    "CHECKPOINT",
    "ATTACH '{file}' AS other",
    "DETACH role",
    "USE other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit='9GB'",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_database_size()",
    "BEGIN",
    "CREATE MACRO lower(x) AS (SELECT 1)",
    "CREATE TEMP VIEW customers AS SELECT 1",
    "SET VARIABLE a = 1",
    "CREATE SECRET s (TYPE s3)",
    "VACUUM",
    "ANALYZE",
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SHOW TABLES",
    "DESCRIBE customers",
    "SUMMARIZE customers",
    "PREPARE a AS SELECT 1",
    "EXECUTE a",
    "COMMENT ON TABLE customers IS 'x'",
    "ALTER TABLE customers ADD COLUMN b INT",
    "CREATE TYPE t AS ENUM ('a')",
    "CREATE SCHEMA s",
    "CREATE SEQUENCE s",
    "PIVOT customers ON name USING count(*)",
    "FORCE CHECKPOINT",
    "MERGE INTO customers USING tickets ON true",
)
METADATA = (
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM duckdb_columns()",
    "SELECT current_setting('memory_limit')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT version()",
    "SELECT current_database()",
    "SELECT * FROM system.information_schema.columns",
    "SELECT * FROM main.customers",
    "SELECT * FROM role.main.customers",
    "SELECT txid_current()",
    "SELECT getvariable('a')",
    "SELECT * FROM pragma_table_info('customers')",
    "SELECT * FROM duckdb_logs()",
    "SELECT stats(name) FROM customers",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_memory()",
)
DETOURS = (
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('customers')",
    "SELECT json_serialize_sql('SELECT 1')",
    "SELECT * FROM json_execute_serialized_sql('x')",
    "PRAGMA json_execute_serialized_sql('x')",
    "SELECT main.lower('a')",
    "SELECT system.main.lower('a')",
    "SELECT * FROM seq_scan('customers')",
    "WITH customers AS (SELECT * FROM customers) SELECT * FROM customers",
    'WITH "{file}" AS (SELECT 1) SELECT * FROM (SELECT * FROM "{file}")',
    'SELECT * FROM (WITH "/etc/passwd" AS (SELECT 1) SELECT 1), "/etc/passwd"',
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
    "SELECT * FROM customers AT (VERSION => 1)",
    "SELECT nextval('s')",
    "SELECT $1",
    "SELECT ?",
    "SELECT 1; SELECT 2",
    "SELECT * FROM test_all_types()",
    "SELECT * FROM repeat_row(1, num_rows => 9)",
    "SELECT write_log('x')",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM secrets",
    "SELECT add_parquet_key('a', 'b')",
    "SELECT sleep_ms(9000)",
)
FLOODS = (
    "SELECT repeat('a', 1000000000)",
    "SELECT lpad('a', 1000000000, 'b')",
    "SELECT rpad('a', 1000000000, 'b')",
    "SELECT printf('%1000000000d', 1)",
    "SELECT format('{{:>1000000000}}', 1)",
    "SELECT list_reduce([1], x -> x)",
    "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    "SELECT bar(1, 0, 1, 1000000000)",
    "SELECT * FROM generate_series_big(1)",
    "SELECT list_resize([1], 1000000000)",
    "SELECT array_to_string([1], 'a')",
)
SETTINGS = tuple(
    f"SET {one}"
    for one in (
        "enable_external_access=true",
        "disabled_filesystems=''",
        "lock_configuration=false",
        "threads=64",
        "python_enable_replacements=true",
        "search_path='temp'",
        "schema='temp'",
        "home_directory='/tmp'",
        "temp_directory='/tmp'",
        "extension_directory='/tmp'",
        "secret_directory='/tmp'",
        "allow_unsigned_extensions=true",
        "max_temp_directory_size='9GB'",
        "custom_extension_repository='http://x'",
        "http_proxy='http://x'",
        "default_collation='NOCASE'",
        "SESSION max_expression_depth=1000000",
        "GLOBAL threads=64",
    )
)
ELSEWHERE = (
    "SELECT * FROM 'http://127.0.0.1/x.csv'",
    "SELECT * FROM read_csv('http://127.0.0.1/x')",
    "SELECT * FROM 's3://x/y.parquet'",
    "ATTACH 'http://127.0.0.1/x.duckdb' AS x",
    "ATTACH 'host=127.0.0.1' AS x (TYPE postgres)",
    "SELECT * FROM which_secret('x', 's3')",
    "DROP SECRET s",
    "SELECT * FROM asked",
    "SELECT * FROM request",
    "SELECT * FROM con",
    "SELECT * FROM df",
    "SELECT * FROM rows",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM python_map_function()",
    "SELECT * FROM sqlite_scan('{file}', 'x')",
    "SELECT * FROM delta_scan('{file}')",
)
"""Over the network, for what is kept secret, for variables of the process, through pointers."""
ATTACKS = tuple(
    a.format(file="/etc/passwd") for a in (*READS, *CHANGES, *METADATA, *DETOURS, *FLOODS, *SETTINGS, *ELSEWHERE)
)

LEAKS = (
    "SELECT * FROM agents",
    "SELECT * FROM main.agents",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM query('SELECT 1')",
    "SELECT current_setting('threads')",
    "SELECT * FROM pg_class",
    "SELECT * FROM glob('*')",
    "SELECT version()",
)
WRAPS = (
    "{}",
    "({})",
    "SELECT * FROM ({}) AS t",
    "WITH a AS ({}) SELECT * FROM a",
    "SELECT 1 UNION ALL ({})",
    "({}) UNION SELECT 1",
    "SELECT (SELECT count(*) FROM ({}) AS t)",
    "SELECT * FROM customers WHERE EXISTS ({})",
    "SELECT 1 ORDER BY (SELECT count(*) FROM ({}) AS t)",
    "SELECT * FROM customers WHERE name IN (SELECT 'x' FROM ({}) AS t)",
    "SELECT CASE WHEN EXISTS ({}) THEN 1 END",
    "SELECT count(*) FILTER (WHERE EXISTS ({})) FROM customers",
    "SELECT 1 LIMIT (SELECT count(*) FROM ({}) AS t)",
    "SELECT * FROM customers JOIN ({}) AS t ON true",
    "SELECT * FROM customers, LATERAL ({}) AS t",
    "VALUES ((SELECT count(*) FROM ({}) AS t))",
    "SELECT name FROM customers GROUP BY name HAVING EXISTS ({})",
    "SELECT name FROM customers QUALIFY row_number() OVER (ORDER BY (SELECT count(*) FROM ({}) AS t)) = 1",
    "SELECT list_transform([1], lambda x: (SELECT count(*) FROM ({}) AS t))",
    "WITH a AS (WITH b AS ({}) SELECT * FROM b) SELECT * FROM a",
    "SELECT 1 EXCEPT ({})",
    "SELECT 1 INTERSECT ({})",
    "WITH a AS MATERIALIZED ({}) SELECT * FROM a",
    "SELECT [(SELECT count(*) FROM ({}) AS t)]",
    "SELECT {{'a': (SELECT count(*) FROM ({}) AS t)}}",
    "SELECT * FROM range((SELECT count(*) FROM ({}) AS t))",
    "SELECT DISTINCT ON (name) * FROM customers ORDER BY (SELECT count(*) FROM ({}) AS t)",
    "SELECT sum(1) OVER (PARTITION BY (SELECT count(*) FROM ({}) AS t)) FROM customers",
    "SELECT max(name ORDER BY (SELECT count(*) FROM ({}) AS t)) FROM customers",
    "SELECT * REPLACE ((SELECT count(*) FROM ({}) AS t)::VARCHAR AS name) FROM customers",
    "SELECT 'a' COLLATE NOCASE, (SELECT count(*) FROM ({}) AS t)",
    "SELECT (SELECT count(*) FROM ({}) AS t) BETWEEN 0 AND 1",
    "SELECT ((SELECT count(*) FROM ({}) AS t))::INT",
    "/* x */ SELECT * FROM ({}) AS t -- y",
    "SELECT\n*\nFROM\n({})\nAS\nt",
    "SELECT * FROM customers ANTI JOIN ({}) AS t ON true",
    "SELECT * FROM customers ASOF JOIN ({}) AS t ON true AND customers.name >= 'a'",
    "SELECT * FROM customers CROSS JOIN ({}) AS t",
    "SELECT ANY_VALUE((SELECT count(*) FROM ({}) AS t))",
    "SELECT 'a' = ANY (SELECT 'x' FROM ({}) AS t)",
    "SELECT ROW((SELECT count(*) FROM ({}) AS t))",
    "SELECT x[(SELECT count(*) FROM ({}) AS t)] FROM (SELECT [1] AS x)",
    "SELECT name FROM customers GROUP BY CUBE (name) HAVING EXISTS ({})",
    "SELECT 1 OFFSET (SELECT count(*) FROM ({}) AS t)",
    "FROM ({}) AS t",
    "FROM ({}) AS t SELECT *",
    "SELECT * FROM (FROM ({}) AS u) AS t",
    "SELECT 1 WHERE 1 = (SELECT count(*) FROM ({}) AS t)",
    "SELECT interval (SELECT count(*) FROM ({}) AS t) day",
)
GOOD = (
    "SELECT count(*) FROM tickets",
    "WITH a AS (SELECT id FROM tickets) SELECT max(id) FROM a",
    "SELECT date_trunc('month', \"at\") AS month, count(*), quantile_cont(id, 0.9) FROM tickets GROUP BY ALL ORDER BY 1",
    "SELECT t.id, c.name FROM tickets t LEFT JOIN customers c ON c.name = t.subject WHERE t.id < 5",
    "SELECT row_number() OVER (PARTITION BY subject ORDER BY id) FROM tickets QUALIFY row_number() OVER () < 3",
    "SELECT lower(name) || '!' FROM customers WHERE name LIKE 'a%' OR name IN ('x', 'y')",
    "SELECT i, count(*) FROM range(3) r(i) JOIN tickets ON tickets.id % 3 = i GROUP BY i",
    "SELECT CASE WHEN id > 2 THEN 'b' ELSE 'a' END, extract(year FROM \"at\"), \"at\" + INTERVAL 3 DAY FROM tickets LIMIT 2",
    "SELECT * FROM tickets UNION ALL SELECT * FROM tickets",
)


@pytest.fixture(scope="module")
def role_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("role") / "role.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(
            "CREATE TABLE tickets AS SELECT i AS id, 'x' || i AS subject, TIMESTAMP '2026-01-01' AS \"at\" FROM range(2000) r(i)"
        )
        con.execute("CREATE TABLE customers AS SELECT 'a' AS name")
    (file.parent / "secret.csv").write_text(f"a\n{CANARY}\n", "utf-8")
    return file


def why(text: str, con: duckdb.DuckDBPyConnection) -> str | None:
    try:
        gate.check(con, text, RELATIONS)
    except gate.Refusal as refusal:
        return refusal.kind
    return None


@pytest.fixture(scope="module")
def parser() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def test_the_gate_lets_none_of_145_attacks_through(parser: duckdb.DuckDBPyConnection) -> None:
    assert len(set(ATTACKS)) >= 145
    assert [text for text in ATTACKS if not why(text, parser)] == []


def test_the_gate_finds_a_leak_in_each_of_530_ways_to_wrap_one(parser: duckdb.DuckDBPyConnection) -> None:
    found = {text: why(text, parser) for text in (wrap.format(leak) for wrap, leak in product(WRAPS, LEAKS))}
    assert len(found) >= 530
    assert [text for text, kind in found.items() if kind is None] == []
    understood = sum(kind in ("select_table", "select_function") for kind in found.values())
    assert understood >= 0.9 * len(found), "refused for the leak, not for its spelling"


@pytest.mark.parametrize("text", GOOD)
def test_what_an_analyst_asks_passes(text: str, role_file: Path, parser: duckdb.DuckDBPyConnection) -> None:
    assert why(text, parser) is None
    assert run(role_file, text).rows


NO_GATE = (
    *(a.format(file="{secret}") for a in READS if "{file}" in a),
    "SELECT content FROM read_text('/proc/self/environ')",
    "COPY customers TO '{out}'",
    "EXPORT DATABASE '{out}'",
    "ATTACH '{secret}' AS other",
    "SET memory_limit='9GB'",
    "RESET lock_configuration",
    "SET disabled_filesystems=''",
    "SET enable_external_access=true",
    "INSTALL httpfs",
    "DELETE FROM customers",
    "CREATE TABLE x AS SELECT 1",
    "SELECT * FROM read_blob('{own}')",
    "SELECT * FROM asked",
    "SELECT * FROM request",
    "COPY (SELECT 1) TO '/dev/stdout'",
)


def _said(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return what a statement finds, nothing where it is refused. The caller's variables are within its reach."""
    asked = request = [CANARY]
    try:
        return str(con.execute(text).fetchall())
    except duckdb.Error:
        return ""
    finally:
        assert asked is request


def test_the_process_holds_without_the_gate(role_file: Path, tmp_path: Path) -> None:
    """The same settings, the same file, no gate: nothing of another file comes out, nothing is written."""
    sys.path.insert(0, str(Path(gate.__file__).parent))
    try:
        import child
    finally:
        sys.path.pop(0)
    before, out = role_file.read_bytes(), tmp_path / "out.csv"
    leaked, without = [], []
    for attack in NO_GATE:
        text = attack.format(secret=role_file.parent / "secret.csv", out=out, own=role_file)
        if "{secret}" in attack and text.startswith("SELECT"):
            with duckdb.connect() as anyones:
                without += [text] if CANARY in _said(anyones, text) else []
        with duckdb.connect(str(role_file), read_only=True, config=child.CONFIG) as con:
            con.execute("SET disabled_filesystems='LocalFileSystem'")
            con.execute("SET lock_configuration=true")
            assert _said(con, "SELECT count(*) FROM tickets"), "what is refused is the attack"
            leaked += [text] if CANARY in (found := _said(con, text)) or ("COPY" in text and found) else []
    assert leaked == []
    assert without, "they are attacks: where nothing holds them they find what is secret"
    assert not out.exists()
    assert role_file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "SELECT count(*) FROM tickets a, tickets b, tickets c, tickets d WHERE a.id + b.id = c.id * d.id",
            {"select_too_slow"},
        ),
        ("SELECT list(range(i)) FROM range(100000) t(i)", {"select_memory"}),
        (
            "SELECT string_agg(subject || a.i, ',') FROM tickets, range(200000) a(i)",
            {"select_memory", "select_too_slow"},
        ),
        ("SELECT repeat_me", {"select_wrong"}),
        (
            "SELECT " + "(" * 3000 + "1" + ")" * 3000,
            {"select_syntax", "select_wrong", "select_too_long", "select_memory"},
        ),
        (" UNION ALL ".join(["SELECT 1"] * 1500), {"select_too_long", "select_wrong"}),
        ("SELECT 1" + " " * 20_001, {"select_too_long"}),
    ],
)
def test_what_never_ends_or_fills_memory_is_stopped(text: str, kinds: set[str], role_file: Path) -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as caught:
        run(role_file, text)
    assert caught.value.key in kinds
    assert time.monotonic() - began < 5.5


def test_a_question_that_waits_for_its_turn_is_refused_or_stopped_as_early_as_any(role_file: Path) -> None:
    endless = "SELECT count(*) FROM tickets a, tickets b, tickets c, tickets d WHERE a.id + b.id = c.id * d.id"

    def asked(_: int) -> tuple[str, float]:
        began = time.monotonic()
        with pytest.raises(Refused) as caught:
            run(role_file, endless)
        return caught.value.key, time.monotonic() - began

    with ThreadPoolExecutor(4) as four:
        found = sorted(four.map(asked, range(4)))
    assert [kind for kind, _ in found] == ["select_busy"] * 2 + ["select_too_slow"] * 2
    assert max(seconds for _, seconds in found) < 5.5
    assert run(role_file, "SELECT 1").rows == ((1,),)


def test_an_answer_has_types_and_says_when_there_is_more(role_file: Path) -> None:
    found = run(role_file, 'SELECT id, subject, "at" FROM tickets ORDER BY id', rows=5)
    assert found.columns == (("id", "BIGINT"), ("subject", "VARCHAR"), ("at", "TIMESTAMP"))
    assert found.rows[0] == (0, "x0", "2026-01-01T00:00:00")
    assert len(found.rows) == 5
    assert found.more
