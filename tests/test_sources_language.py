"""The language of profiles: small, and refused with the key that is wrong."""

import pytest

from insights import schema, sources, texts
from insights.docs.mappings import PARTS
from insights.errors import SettingsWrong
from insights.sources.folding import fold
from insights.sources.profile import common_words, read_profile
from insights.sources.profile.recognise import recognise

GOOD = """
name = "shop"
main = "orders"
[match]
needs = ["No", ["Tarih", "Date"]]
[orders]
order_id = "No"
ordered_at = ["Tarih", "Date"]
amount = { column = "Tutar" }
"""


def test_a_profile_says_what_it_needs_and_fills() -> None:
    profile = read_profile(GOOD, "shop.toml")
    assert (profile.name, profile.needs, profile.fills, profile.headers) == (
        "shop",
        ("No", "Tarih"),
        ("orders",),
        ("No", "Tarih", "Tutar"),
    )


@pytest.mark.parametrize(
    ("old", "new", "option"),
    [
        ('name = "shop"', 'name = "shop"\ncolour = "red"', "colour"),
        ('main = "orders"', 'main = "tickets"', "main"),
        ('main = "orders"', 'main = "orders"\ntimezone = "Istanbul"', "timezone"),
        ('main = "orders"', 'main = "orders"\ndate_order = "dym"', "date_order"),
        ('order_id = "No"', 'order_id = "No"\nsize = "S"', "orders.size"),
        ('column = "Tutar"', 'colum = "Tutar"', "orders.amount.colum"),
        ('column = "Tutar"', 'column = "Tutar", unit = "days"', "orders.amount.unit"),
        ('column = "Tutar"', 'column = "Tutar", extract = "("', "orders.amount.extract"),
        ('column = "Tutar"', "sum = true", "orders.amount"),
        ('order_id = "No"', "order_id = 7", "orders.order_id"),
        ("[orders]", '[words.status]\n"Aç" = "opened"\n[orders]', "words.status.Aç"),
        ("[orders]", '[words.mood]\n"x" = "y"\n[orders]', "words.mood"),
        ("[orders]", '[orders]\nper = "customer_id"', "orders.per"),
    ],
)
def test_what_is_not_in_the_language_is_refused_by_its_key(old: str, new: str, option: str) -> None:
    with pytest.raises(SettingsWrong) as refusal:
        read_profile(GOOD.replace(old, new, 1), "shop.toml")
    assert refusal.value.details["option"] == option
    for language in texts.LANGUAGES:
        assert option in texts.error(refusal.value, language)


@pytest.mark.parametrize(
    ("nonsense", "kind"),
    [
        ("column = 3", "headers"),
        ('column = "Tutar", join = 3', "text"),
        ('column = "Tutar", sum = 1', "flag"),
        ('columns = "Tutar"', "list"),
        ('column = "Tutar", map = 3', "table"),
        ("constant = [1]", "constant"),
        ('column = "Tutar", extract = "("', "pattern"),
        ('column = "Tutar", extract = "x"', "group"),
    ],
)
def test_what_a_value_must_be_is_said_in_the_reader_s_language(nonsense: str, kind: str) -> None:
    with pytest.raises(SettingsWrong) as refusal:
        read_profile(GOOD.replace('column = "Tutar"', nonsense), "shop.toml")
    assert refusal.value.key == f"profile_wrong_{kind}"
    english, turkish = (texts.error(refusal.value, language) for language in ("en", "tr"))
    assert "must be" in english
    assert "olmalı" in turkish
    assert "must" not in turkish


def test_every_key_of_the_language_says_what_it_means() -> None:
    assert [(m.__name__, k) for _, m in PARTS for k, of in m.model_fields.items() if not of.description] == []


def test_own_profiles_win_over_built_in_ones_that_fit_as_well() -> None:
    text = GOOD.replace('"No", ["Tarih", "Date"]', '"ticket_id", "customer_id", "status", "created_at"')
    own = read_profile(text, "own.toml", own=True)
    fit = recognise(["ticket_id", "customer_id", "status", "created_at"], [*sources.profiles(), own])
    assert fit is not None
    assert fit.profile is own


def test_every_canonical_table_has_a_generic_profile() -> None:
    generic = {p.main for p in sources.profiles() if p.name.startswith("generic_")}
    assert generic == {t.name for t in schema.canonical_tables()}


def test_common_words_map_to_canonical_ones_and_to_one_only() -> None:
    for vocabulary, words in common_words().items():
        assert set(words.values()) <= set(schema.WORDS[vocabulary])
        assert all(words[fold(w)] == w for w in schema.WORDS[vocabulary])


@pytest.mark.parametrize("word", ["AÇIK", "Açık", "açık", "ACIK", " acik ", "aÇık"])
def test_turkish_case_and_accents_fold_away(word: str) -> None:
    assert common_words()["status"][fold(word)] == "open"


def test_a_stranger_s_file_with_one_common_header_is_not_taken_for_ours() -> None:
    assert recognise(["customer_id", "Year_Birth", "Education", "Income"], sources.profiles()) is None
