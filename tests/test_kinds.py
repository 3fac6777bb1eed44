"""A second file of every kind that once ended wrongly: what it becomes, or as what it is offered for mapping."""

# ruff: noqa: E501 - a row of a file is one line

import unicodedata
from pathlib import Path

import duckdb
import pytest

from insights import sources
from insights.errors import FileRefused
from insights.sources import ReadOptions, StagedFile, stage
from insights.sources.proposing.glance import glance
from insights.sources.proposing.propose import best

PROFILES = sources.profiles(None)
TURKISH = "Gülşah Işık;Çağrı düştü, ışık yanıyor, şebeke yok"


def rows(head: str, *cells: str, n: int = 24) -> str:
    """Return a file whose rows go through `cells` in turn; `<i>` is the number of the row."""
    return "\n".join(
        [head, *(cells[i % len(cells)].replace("<i>", str(i)).replace("<d>", str(i % 9 + 1)) for i in range(n))]
    )


OFFERED = {
    "suppliers are no vendor's accounts": (
        rows("Id,Name,Industry,City", "<i>,Tedarik <i>,Gıda,Bursa"),
        "customers",
        {"name": "Name"},
        (),
    ),
    "a connector's leads are no owners": (
        rows(
            "id,first_name,last_name,email,company,_fivetran_synced",
            "00Q<i>,Ali<i>,Kaya,a<i>@x.com,Acme,2025-03-01 10:00:00",
        ),
        "customers",
        {"customer_id": "id", "email": "email"},
        (),
    ),
    "ten points": (
        rows(
            "Survey Name,Survey ID,Contact ID,Response Date,Rating,Comment",
            "CSAT,<i>,<i>,2025-03-01,<d>,ok",
            "CSAT,<i>,<i>,2025-03-01,10,ok",
        ),
        "surveys",
        {"survey_id": "Survey ID", "score": "Rating", "answered_at": "Response Date"},
        (),
    ),
    "a sales list": (
        rows(
            "Belge No;Cari Kod;Cari Adı;Tarih;KDV;İskonto;Genel Toplam",
            "F<i>;120.0<d>;Acme A;0<d>.03.2025;18,00;0,00;1.210,50",
            "F<i>;120.1<d>;Acme B;0<d>.03.2025;18,00;0,00;1.310,50",
        ),
        "orders",
        {"amount": "Genel Toplam", "customer_id": "Cari Kod", "order_id": "Belge No"},
        (),
    ),
    "flags are no names": (
        rows("customerID,Partner,PhoneService,Churn", "7590-<i>,Yes,No,Yes", "7590-<i>,No,Yes,No"),
        "customers",
        {"customer_id": "customerID"},
        ("name", "phone"),
    ),
    "people who complained are people": (
        rows("CustomerId,Surname,Geography,Balance,Complain", "1563<i>,Hill,France,1.10,1", "1563<i>,Roe,Spain,2.10,0"),
        "customers",
        {"customer_id": "CustomerId"},
        (),
    ),
    "a purchase is no creation": (
        rows(
            "Ticket ID,Customer Email,Product Purchased,Date of Purchase,Ticket Subject,Ticket Priority,Ticket Status,Customer Satisfaction Rating",
            "<i>,c<i>@x.com,GoPro,2021-0<d>-11,Setup,High,Open,3",
            "<i>,c<i>@x.com,TV,2021-0<d>-12,Refund,Low,Closed,5",
        ),
        "tickets",
        {"product": "Product Purchased"},
        ("created_at", "first_response_at"),
    ),
    "a next contact is no solve": (
        rows(
            "Case No,Customer,Opened,Next Contact At,Status",
            "K<i>,C<d>,2025-03-01 10:0<d>,2025-04-02 11:00,Open",
            "K<i>,C<d>,2025-03-01 10:0<d>,2025-04-02 11:00,Closed",
        ),
        "tickets",
        {"created_at": "Opened"},
        ("solved_at",),
    ),
    "a question of recommendation": (
        rows(
            "Yanıt zamanı,E-posta,Bizi yakınlarınıza önerme olasılığınız nedir? (0-10),Puanınızın nedeni",
            "0<d>.03.2025 10:0<d>,u<i>@x.com,<d>,Hız <i>",
        ),
        "surveys",
        {"answered_at": "Yanıt zamanı", "customer_id": "E-posta", "comment": "Puanınızın nedeni"},
        (),
    ),
    "deals": (
        rows(
            "Deal ID;Deal Stage;Amount;Deal Owner;Create Date;Company",
            "<i>;closedwon;100;Ann;2025-03-0<d>;Acme <i>",
            "<i>;proposal;90;Bo;2025-03-0<d>;Acme <i>",
        ),
        "opportunities",
        {"stage": "Deal Stage", "amount": "Amount", "created_at": "Create Date"},
        (),
    ),
    "a city is not its post code": (
        rows(
            "musteri_no,musteri_ilce,musteri_sehir,posta_kodu", "<i>,Çankaya,Ankara,0600<d>", "<i>,Konak,İzmir,3500<d>"
        ),
        "customers",
        {"city": "musteri_sehir"},
        ("name",),
    ),
    "an order begins when it is made": (
        rows(
            "order_ref,buyer_id,state,created_at,paid_at,shipped_at,delivered_at,total",
            "O<i>,C<d>,delivered,2025-03-0<d> 09:00,2025-03-0<d> 09:30,2025-03-10 10:00,2025-03-20 10:00,5.00",
        ),
        "orders",
        {"ordered_at": "created_at"},
        (),
    ),
    "a review is sent, then answered": (
        rows(
            "review_id,order_id,review_score,review_comment,review_creation_date,review_answer_timestamp",
            "r<i>,o<i>,<d>,iyi ürün <i>,2025-03-0<d> 00:00:00,2025-03-15 10:10:10",
        ),
        "surveys",
        {"answered_at": "review_answer_timestamp", "sent_at": "review_creation_date"},
        (),
    ),
    "one day written twice": (
        rows(
            "Talep No;Tarih;Tarih Saat;Durum;Müşteri",
            "T<i>;0<d>.03.2025;2025-03-0<d> 14:20;Açık;C<d>",
            "T<i>;0<d>.03.2025;2025-03-0<d> 14:25;Kapalı;C<d>",
        ),
        "tickets",
        {"created_at": "Tarih Saat"},
        ("first_response_at",),
    ),
    "what is paid is the amount": (
        rows(
            "Sipariş No,Alıcı Adı,Sipariş Tarihi,Ürün Tutarı,Kupon İndirimi,Kargo,Ödenecek Tutar",
            "90<i>,Ayşe A<d>,0<d>.03.2025,100,10,20,110",
            "90<i>,Ece B<d>,0<d>.03.2025,200,10,20,210",
        ),
        "orders",
        {"amount": "Ödenecek Tutar", "customer_id": "Alıcı Adı"},
        (),
    ),
}


def staged(path: Path, data: str | bytes) -> tuple[StagedFile, duckdb.DuckDBPyConnection]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    con = duckdb.connect()
    return next(iter(stage(con, path, PROFILES, ReadOptions()))), con


@pytest.mark.parametrize("kind", OFFERED)
def test_a_file_nobody_knows_is_offered_as_what_it_is(kind: str, tmp_path: Path) -> None:
    text, table, wanted, empty = OFFERED[kind]
    with pytest.raises(FileRefused):
        staged(tmp_path / "x.csv", text)
    found = best(glance(tmp_path / "x.csv", "x.csv", tmp_path, ReadOptions()))[0]
    assert found.known
    assert found.table == table
    assert {c: found.columns[c].column for c in wanted} == {c: (h,) for c, h in wanted.items()}
    assert not set(empty) & set(found.columns)


def test_two_spellings_of_one_word_are_one_topic(tmp_path: Path) -> None:
    text = rows(
        "ticket_id,customer_id,status,created_at,category",
        "T<i>,C,open,2025-03-01,Öneri",
        f"T<i>,C,open,2025-03-01,{unicodedata.normalize('NFD', 'Öneri')}",
    )
    file, con = staged(tmp_path / "x.csv", text)
    assert con.execute(f"SELECT DISTINCT category FROM {file.tables['tickets']}").fetchall() == [("Öneri",)]


def test_a_file_without_headers_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        staged(
            tmp_path / "x.csv",
            rows(
                "1;0532 111 22 33;a@example.com;Açık;01.03.2025", "2<i>;0532 111 22 34;b<i>@example.com;Açık;02.03.2025"
            ),
        )
    assert refused.value.kind == "no_header"


@pytest.mark.parametrize("encoding", ["cp857", "mac_turkish"])
def test_an_old_encoding_is_found_by_what_its_letters_make_and_said(encoding: str, tmp_path: Path) -> None:
    file, con = staged(
        tmp_path / "x.csv",
        rows("ticket_id;status;created_at;customer_id;subject", f"T<i>;open;2025-03-01;{TURKISH}").encode(encoding),
    )
    assert "encoding_guessed" in [n.kind for n in file.notices]
    assert con.execute(f"SELECT DISTINCT customer_id, subject FROM {file.tables['tickets']}").fetchall() == [
        tuple(TURKISH.split(";"))
    ]


def test_letters_broken_before_the_export_are_said_with_what_was_meant(tmp_path: Path) -> None:
    broken = "Satış Sonrası".encode().decode("cp1252", errors="replace")
    file, _ = staged(
        tmp_path / "x.csv", rows("ticket_id,customer_id,status,created_at,team", f"T<i>,C,open,2025-03-01,{broken}")
    )
    assert [(n.kind, n.column) for n in file.notices] == [("mojibake", "team")]


def test_lines_of_one_order_are_summed(tmp_path: Path) -> None:
    file, con = staged(
        tmp_path / "x.csv",
        "order_id,customer_id,ordered_at,amount\nO1,C,2025-03-01,10.00\nO1,C,2025-03-01,5.00\nO2,C,2025-03-02,1.00\n",
    )
    assert dict(con.execute(f"SELECT order_id, amount FROM {file.tables['orders']}").fetchall()) == {"O1": 15, "O2": 1}
