"""The second help desk's export: Freshdesk with Turkish headers, saved by Turkish Excel."""

import numpy as np

from insights.demo import labels, world
from insights.demo.block import FRESHDESK, Block
from insights.demo.files import Csv, money, texts, turkish, whole, words
from insights.demo.people import Agents
from insights.demo.world import Texts

HEADER = (
    "Kayıt No",
    "Konu",
    "Durum",
    "Öncelik",
    "Kaynak",
    "Tür",
    "Temsilci",
    "Grup",
    "Oluşturulma zamanı",
    "Çözülme zamanı",
    "Kapanma zamanı",
    "Son güncelleme zamanı",
    "İlk yanıt zamanı",
    "Temsilci etkileşimleri",
    "Müşteri etkileşimleri",
    "Etiketler",
    "Kategori",
    "Ürün",
    "Müşteri No",
    "Ad soyad",
    "E-posta",
    "Telafi tutarı",
)
_STATUS = ("Açık", "Açık", "Beklemede", "Üçüncü tarafta", "Çözüldü", "Kapandı", "Silindi")
_PRIORITY = ("Acil", "Yüksek", "Orta", "Düşük")
_SOURCE = ("Telefon", "E-posta", "Portal", "Sohbet", "WhatsApp", "Sosyal medya", "Mağaza")


def write(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the second help desk's tickets, as Turkish Excel saved them."""
    rows = np.flatnonzero(b.desk == FRESHDESK)
    c, now, ids = b.cases.take(rows), b.now, b.ticket_id[rows]
    closed = np.where(b.course.closed_at[rows] <= world.END, b.course.closed_at[rows], -1)
    paid = labels.compensation(b)[rows]
    out.write(
        {
            "Kayıt No": whole(ids),
            "Konu": words(labels.subject(c.category, ids), labels.SUBJECTS),
            "Durum": words(now.status[rows], _STATUS),
            "Öncelik": words(now.priority[rows], _PRIORITY),
            "Kaynak": words(c.channel, _SOURCE),
            "Tür": words(c.kind, labels.KIND_TR),
            "Temsilci": words(now.agent[rows], staff.name.tolist()),
            "Grup": words(now.team[rows], world.TEAMS),
            "Oluşturulma zamanı": turkish(c.created_at),
            "Çözülme zamanı": turkish(now.last_solved_at[rows]),
            "Kapanma zamanı": turkish(closed),
            "Son güncelleme zamanı": turkish(now.updated_at[rows]),
            "İlk yanıt zamanı": turkish(np.where(c.waited >= 0, c.created_at + c.waited, -1)),
            "Temsilci etkileşimleri": whole(now.replies[rows]),
            "Müşteri etkileşimleri": whole(1 + now.reopens[rows]),
            "Etiketler": words(np.where(b.crowd.vip[c.customer], 0, -1), ("vip",)),
            "Kategori": words(c.category, labels.CATEGORY),
            "Ürün": words(b.product[rows], world.GROUPS),
            "Müşteri No": texts(customer_ids[c.customer]),
            "Ad soyad": texts(b.crowd.name[c.customer]),
            "E-posta": texts(b.crowd.email[c.customer]),
            "Telafi tutarı": money(paid, ",", paid > 0),
        }
    )
