"""What customers say: each study against a count by hand, and silence where ratings were shuffled."""

import datetime as dt
import math
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import fisher_exact
from small_company import AS_OF, Tables, open_tables, publish

from insights import texts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters, Scope
from insights.settings import Settings
from insights.stats.exact import fisher
from insights.studies.voice import drivers, raters, words
from insights.studies.voice.sides import Sides
from insights.studies.voice.stems import Stems, lowered, spoken
from insights.ui.cards import studied
from insights.ui.views.service import voice
from insights.warehouse import open_current
from insights.warehouse.reader import Warehouse

HOURS = 48.0
SAID = {
    True: ("Çok hızlı çözdüler, teşekkürler", "The agent was very kind", "KARGO hızlıydı", "Quick answer, kind agent"),
    False: (
        "Kargonun gelmesini günlerce bekledim",
        "IADE param gelmedi",
        "Kargom kayıp, KARGO berbat",
        "Nobody replied",
    ),
}


@pytest.fixture(scope="module")
def talking(tables: Tables) -> Tables:
    """Return the small company with comments on its ratings."""
    draw = random.Random(11)
    said = [
        s | {"comment": draw.choice(SAID[bool(s["good"])])} if s["score"] is not None else s for s in tables["surveys"]
    ]
    return {**tables, "surveys": said}


@pytest.fixture(scope="module")
def warehouse(talking: Tables) -> Warehouse:
    return open_tables(talking)


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    return Desk(warehouse, Filters(), EVERYTHING)


def rated(tables: Tables) -> list[dict[str, Any]]:
    """Return the satisfaction answers that count, by hand."""
    return [
        s
        for s in tables["surveys"]
        if s["kind"] == "csat" and s["good"] is not None and s["ticket_excluded"] is None and s["status"] != "deleted"
    ]


def test_a_bad_rating_is_answered_by_the_first_person_who_turns_to_the_customer(desk: Desk, talking: Tables) -> None:
    whose = {(t["source"], t["ticket_id"]): t["customer_id"] for t in talking["tickets"]}
    heard: dict[str, list[dt.datetime]] = defaultdict(list)
    replied: dict[Any, list[dt.datetime]] = defaultdict(list)
    for e in talking["ticket_events"]:
        if e["field"] == "comment" and e["actor"] == "agent" and e["public"] is not False and e["at"] <= AS_OF:
            replied[e["source"], e["ticket_id"]].append(e["at"])
            if (customer := whose[e["source"], e["ticket_id"]]) is not None:
                heard[customer].append(e["at"])
    for i in talking["interactions"]:
        person = (
            i["by_human"]
            if i["by_human"] is not None
            else (i["kind"] in ("call", "email", "visit", "message") and i["campaign_id"] is None)
        )
        if i["direction"] == "outbound" and person:
            heard[i["customer_id"]].append(i["at"])
    expected: Counter[str] = Counter()
    for s in rated(talking):
        if not s["good"]:
            after = [
                at
                for at in (*heard.get(s["customer_id"], ()), *replied[s["source"], s["ticket_id"]])
                if at > s["answered_at"]
            ]
            due = s["answered_at"] + dt.timedelta(hours=HOURS)
            first = min(after, default=None)
            expected[
                "in_time" if first and first <= due else "late" if first else "waiting" if due > AS_OF else "overdue"
            ] += 1
    found = desk.study("unanswered_bad", within_hours=HOURS)
    assert {state: found.facts[state] for state in expected} == dict(expected)
    assert min(expected["in_time"], expected["late"], expected["overdue"]) > 0
    assert len(found.rows) == expected["waiting"] + expected["overdue"]
    assert found.facts["n"] == sum(n for n in map(int, expected.values()))
    csat = desk.one("csat")
    assert csat.n - (csat.hits or 0) == found.facts["n"] + found.facts["time_unknown"]


def test_without_replies_and_contacts_nobody_is_said_to_be_unanswered(talking: Tables) -> None:
    silent = Desk(open_tables({**talking, "ticket_events": [], "interactions": []}), Filters(), EVERYTHING, "en")
    found = silent.study("unanswered_bad")
    assert (found.sentence, list(found.rows)) == ("unknown", [])
    assert found.facts == {"n": sum(not s["good"] for s in rated(talking))}
    assert "not known which" in voice.unanswered(silent).body().text


def test_the_time_to_answer_a_bad_rating_is_the_settings(warehouse: Warehouse) -> None:
    quick = Settings(voice={"answer_within_hours": 1})  # type: ignore[arg-type]
    desks = (Desk(warehouse, Filters(), EVERYTHING, settings=s) for s in (Settings(), quick))
    usual, strict = (d.study("unanswered_bad").facts for d in desks)
    assert strict["in_time"] < usual["in_time"]
    assert strict["n"] == usual["n"]


def test_a_trait_s_difference_is_what_counting_by_hand_gives(desk: Desk, talking: Tables) -> None:
    ticket = {(t["source"], t["ticket_id"]): t for t in talking["tickets"]}
    found = {(r["about"], r["member"]): r for r in desk.study("drivers", least=5).rows}
    for about, member in (("channel", "email"), ("team", "first"), ("answered_fast", "yes"), ("reopened", "yes")):
        sides: dict[bool, list[bool]] = {True: [], False: []}
        for s in rated(talking):
            t = ticket.get((s["source"], s["ticket_id"]), {})
            seconds, reopens = t.get("first_response_s"), t.get("reopens")
            lived = {
                "answered_fast": None if seconds is None else seconds <= 4 * 3600,
                "reopened": None if reopens is None else reopens > 0,
            }
            value = lived[about] if about in lived else s[about]
            if value is not None:
                sides[value in (True, member)].append(s["good"])
        row = found[about, member]
        with_it, others = (sum(sides[side]) / len(sides[side]) for side in (True, False))
        assert (row["n"], row["n_others"]) == (len(sides[True]), len(sides[False]))
        assert row["value"] == pytest.approx(with_it - others)
        everyone = sum(map(sum, sides.values())) / sum(map(len, sides.values()))
        assert row["explains"] == pytest.approx(everyone - others)


def test_fisher_s_test_is_the_textbook_s() -> None:
    draw = random.Random(3)
    for _ in range(50):
        n, m = draw.randint(1, 60), draw.randint(1, 60)
        a, b = draw.randint(0, n), draw.randint(0, m)
        assert fisher(a, n, b, m) == pytest.approx(fisher_exact([[a, n - a], [b, m - b]]).pvalue, abs=1e-9)


def shuffled(draw: random.Random, members: list[list[str]], good: list[bool]) -> list[Sides]:
    """Return the sides of every trait after the answers were dealt out anew."""
    dealt, found = draw.sample(good, len(good)), []
    for about, of in zip(("channel", "team", "category"), members, strict=True):
        for member in sorted(set(of)):
            mine = [g for g, m in zip(dealt, of, strict=True) if m == member]
            found.append(Sides(about, member, sum(mine), len(mine), sum(dealt) - sum(mine), len(dealt) - len(mine)))
    return found


def test_shuffled_ratings_let_traits_stand_in_at_most_one_case_of_twenty() -> None:
    draw = random.Random(5)
    members = [[draw.choice(names) for _ in range(300)] for names in ("abcdef", "gh", "ijklmnop")]
    good = [draw.random() < 0.8 for _ in range(300)]
    false = sum(any(r["stands"] for r in drivers.judged(shuffled(draw, members, good))) for _ in range(200))
    assert false <= 10
    hits = [sum(draw.random() < share for _ in range(60)) for share in (0.3, 0.8)]
    assert drivers.judged([Sides("channel", "a", hits[0], 60, hits[1], 60)])[0]["stands"]


def test_shuffled_comments_let_words_stand_in_at_most_one_case_of_twenty() -> None:
    draw = random.Random(8)
    each = [{w: w for w in draw.sample("abcdefghijklmnop", 4)} for _ in range(200)]
    good = [draw.random() < 0.6 for _ in range(200)]
    found = (words.judged(words.counts(each, draw.sample(good, 200)), 5) for _ in range(200))
    assert sum(any(r["stands"] for r in rows) for rows in found) <= 10


def test_a_word_counts_once_a_comment_whatever_its_ending_and_its_case(desk: Desk, talking: Tables) -> None:
    found = desk.study("comment_words", least=1)
    cargo = next(r for r in found.rows if r["stem"] == "kargo")
    told = [s for s in rated(talking) if s["comment"]]
    bad = sum("kargo" in s["comment"].lower() for s in told if not s["good"])
    good = sum("kargo" in s["comment"].lower() for s in told if s["good"])
    assert (cargo["n_bad"], cargo["n_good"]) == (bad, good)
    assert min(bad, good) > 0
    n, m = (sum(s["good"] is side for s in told) for side in (False, True))
    a, b = bad + 0.1 * (bad + good) + 0.5, good + 0.1 * (bad + good) + 0.5
    rest, other = n + 0.1 * (n + m) + 1 - a, m + 0.1 * (n + m) + 1 - b
    assert cargo["value"] == pytest.approx(math.log(a / rest) - math.log(b / other))
    assert cargo["high"] - cargo["value"] == pytest.approx(1.959964 * math.sqrt(1 / a + 1 / rest + 1 / b + 1 / other))
    assert len(desk.study_rows("comment_words", word="kargo")) == bad + good
    delivery = next(r for r in found.tables["themes"] if r["stem"] == "delivery")
    assert len(desk.study_rows("comment_words", word="delivery")) == delivery["n"] >= bad + good
    assert found.facts["n"] == len(told)


def test_small_letters_are_those_of_the_language_of_the_comment() -> None:
    assert lowered("IŞIK İADE", "tr") == "ışık iade"
    assert lowered("I WAIT İn", "en") == "i wait in"
    assert spoken("the parcel was late", "tr") == "en"
    assert spoken("kargo gec geldi ama neden", "en") == "tr"
    assert spoken("KARGO GELMEDİ", "en") == "tr"
    stems = Stems("tr")
    assert stems.of("KARGONUN kargolar").keys() == stems.of("kargo").keys() == {"kargo"}
    assert stems.of("The agents WERE helping").keys() & stems.of("the agent helped").keys() == {"agent", "help"}
    assert stems.of("teşekkürler").keys() == stems.of("tesekkurler").keys()


def test_a_theme_is_what_the_settings_say_it_is(warehouse: Warehouse) -> None:
    ours = Settings(voice={"themes": {"delivery": [], "lost": ["kayıp"]}})  # type: ignore[arg-type]
    found = Desk(warehouse, Filters(), EVERYTHING, settings=ours).study("comment_words", least=1)
    names = {r["stem"] for r in found.tables["themes"]}
    assert "lost" in names
    assert "delivery" not in names


def test_who_may_not_read_comments_sees_none_of_their_words(warehouse: Warehouse) -> None:
    masked = Desk(warehouse, Filters(), Scope(masked=frozenset({"text"}), salt="x"))
    found = masked.study("comment_words", least=1)
    assert found.sentence == "hidden"
    assert not any(found.tables.values())
    assert {r["comment"] for r in masked.study_rows("comment_words")} == {"***"}
    assert not masked.study_rows("comment_words", word="kargo")


def test_raters_are_set_against_the_silent_trait_by_trait(desk: Desk) -> None:
    rows = desk.study_rows("raters")
    found = desk.study("raters", least=5)
    for row in [r for r in found.rows if r["about"] in ("channel", "segment")]:
        known = [r for r in rows if r[row["about"]] is not None]
        said = [r[row["about"]] == row["member"] for r in known if r["value"]]
        silent = [r[row["about"]] == row["member"] for r in known if not r["value"]]
        assert row["share_raters"] == pytest.approx(sum(said) / len(said))
        assert row["share_silent"] == pytest.approx(sum(silent) / len(silent))
        assert row["value"] == pytest.approx(sum(said) / len(said) - sum(silent) / len(silent))
        assert row["low"] <= row["value"] <= row["high"]


def test_the_weighted_number_gives_each_part_its_weight_among_all_asked() -> None:
    # Half of those asked are of each part; nine in ten answers come from the content one.
    found = raters.reweighted([(500, 90, 81), (500, 10, 5), (200, 0, 0)])
    assert found["csat"] == pytest.approx(0.86)
    assert found["weighted"] == pytest.approx((0.9 + 0.5) / 2)
    assert found["covered"] == pytest.approx(1000 / 1200)
    assert found["low"] < found["weighted"] < found["high"]
    assert raters.reweighted([(5, 0, 0)])["weighted"] is None


@pytest.mark.parametrize("language", texts.languages())
def test_the_cards_say_what_the_studies_found(talking: Tables, tmp_path: Path, language: str) -> None:
    publish(tmp_path, talking)
    desk = Desk(open_current(tmp_path), Filters(), EVERYTHING, language)
    for card in (voice.unanswered(desk), voice.drivers(desk), voice.words(desk), voice.raters(desk)):
        for picked in card.choice or [""]:
            body = card.body(picked)
            assert bool(body.text) == (card.key != "unanswered_bad"), "said once, at the top of the page"
            assert body.table, card.key
            assert body.rows, card.key
            if body.opens:
                title, opened = body.opens(0)
                assert title
                assert opened.table
                assert len(opened.table.rows) == body.rows[0]["n"]
    first, drivers_ = voice.urgent(desk).body(), desk.study("drivers").rows
    taking = [r for r in drivers_ if r["stands"] and r["value"] < 0]
    assert first.text == studied.said(desk, ("unanswered_bad", ()))
    assert str(len(voice.unanswered(desk).body().rows)) in first.text
    assert [s.group for s in first.sentences] == [((r["about"], r["member"]),) for r in taking[:1]]
    assert min((r["explains"] for r in taking), default=None) == next((r["explains"] for r in taking), None)
