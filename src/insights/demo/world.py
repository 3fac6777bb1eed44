"""What the sample company is: its calendar, its places, its words and the truths planted in it."""

import datetime as dt
from dataclasses import dataclass

import holidays
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

DAY, HOUR, MINUTE = 86_400, 3_600, 60
LOCAL = 3 * HOUR  # Europe/Istanbul has been UTC+3 all year round since 2016
NEVER = np.int64(1) << 60


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Return the epoch second of a moment of Istanbul."""
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC).timestamp()) - LOCAL


AS_OF = dt.datetime(2026, 11, 21, 20, 59)
"""The moment of the exports, UTC: 21 November 2026 23:59 in Istanbul. A constant, never the wall clock."""

START, END = utc(2022, 11, 22), utc(2026, 11, 21, 23, 59)
FRESHDESK_FROM, GENERIC_FROM = utc(2023, 10, 1), utc(2025, 1, 1)
"""The company changed its help desk twice: Zendesk, then Freshdesk, then the present one."""
BAD_MONTH = (utc(2026, 9, 1), utc(2026, 10, 1))
CALLS_STOPPED, FORGOTTEN_AT = utc(2024, 11, 21), utc(2025, 11, 21)
TRAINING_AT = utc(2025, 10, 6, 17)

# Planted effects, as added probabilities (points / 100).
EFFECT_FAST, EFFECT_CHAT, EFFECT_TRAINING = 0.06, -0.12, 0.10
FORGOTTEN_LOSS = 0.30
FAST_S, KEPT_S = 4 * HOUR, 180 * DAY

CHANNELS = ("phone", "email", "web", "chat", "messaging", "social", "store")
PRIORITIES = ("urgent", "high", "normal", "low")
KINDS = ("complaint", "question", "request", "incident", "praise", "other")
STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted")
TIERS = ("Standart", "Gümüş", "Altın", "Platin")
SEGMENTS = ("Bireysel", "VIP", "KOBİ", "Kurumsal")
TEAMS = (
    "Müşteri Hizmetleri", "Kargo ve Teslimat", "İade ve Ödeme", "Dijital Destek", "Mağaza Destek", "Müşteri İlişkileri",
)  # fmt: skip
FIRST_LINE, RELATIONS = 0, 5


@dataclass(frozen=True)
class Category:
    """A topic: its kind, team, share among its own kind, and what customers write in the subject."""

    name: str
    kind: str
    team: int
    share: float
    subjects: tuple[str, ...]
    causes: tuple[str, ...] = ()


CATEGORIES = (
    Category("Kargo gecikmesi", "complaint", 1, 0.30, ("Kargom hâlâ gelmedi", "Teslimat gecikti", "Siparişim nerede kaldı?", "Kargo bir haftadır şubede bekliyor"), ("Taşıyıcı gecikmesi", "Yanlış adres", "Depo yoğunluğu")),
    Category("İade ve geri ödeme", "complaint", 2, 0.23, ("İade param yatmadı", "İade talebim onaylanmadı", "Geri ödeme ne zaman yapılacak?"), ("Banka süreci", "Eksik evrak", "Onay gecikmesi")),
    Category("Hasarlı ürün", "complaint", 2, 0.13, ("Ürün kırık geldi", "Kutu ezilmiş, ürün hasarlı", "Ayakkabının dikişi açıldı"), ("Paketleme", "Taşıma hasarı", "Üretim hatası")),
    Category("Yanlış ürün", "complaint", 2, 0.10, ("Yanlış ürün gönderilmiş", "Beden yanlış geldi", "Sipariş ettiğim renk değil"), ("Toplama hatası", "Etiket hatası")),
    Category("Fiyat ve kampanya", "complaint", 0, 0.10, ("İndirim kodum çalışmıyor", "Kampanya fiyatı uygulanmadı", "Sepetteki fiyat değişti"), ("Kampanya kuralı", "Sistem hatası")),
    Category("Web sitesi hatası", "complaint", 3, 0.09, ("Ödeme sayfası hata veriyor", "Uygulama açılmıyor", "Sepetim boşaldı"), ("Yazılım hatası", "Ödeme sağlayıcısı")),
    Category("Personel tutumu", "complaint", 4, 0.05, ("Mağazada ilgilenilmedi", "Kurye kaba davrandı", "Kasada çok bekletildim"), ("Eğitim ihtiyacı", "Personel eksikliği")),
    Category("Ürün bilgisi", "question", 0, 0.45, ("Bu ürün tekrar gelecek mi?", "Beden tablosu hakkında", "Garanti süresi ne kadar?")),
    Category("Sipariş durumu", "question", 1, 0.55, ("Siparişim ne zaman gelir?", "Kargo takip numarası", "Teslimat gününü öğrenebilir miyim?")),
    Category("Adres ve teslimat", "request", 1, 0.40, ("Adresimi değiştirmek istiyorum", "Teslimatı ileri tarihe alın", "Mağazadan teslim almak istiyorum")),
    Category("Değişim talebi", "request", 2, 0.35, ("Beden değişimi yapmak istiyorum", "Renk değişimi", "Hediye değişimi")),
    Category("Hesap ve üyelik", "request", 3, 0.25, ("Şifremi unuttum", "Puanlarım görünmüyor", "Üyelik bilgilerimi güncelleyin")),
    Category("Ödeme hatası", "incident", 3, 1.0, ("Ödeme iki kez çekildi", "3D güvenlik ekranı gelmedi")),
    Category("Teşekkür", "praise", 0, 1.0, ("Teşekkür ederim, çok hızlısınız", "İlginiz için teşekkürler")),
    Category("Diğer", "other", 0, 1.0, ("Bilgi", "Genel görüş", "Öneri")),
)  # fmt: skip
CARGO = 0

PRODUCTS = (
    ("Giyim", ("Keten gömlek", "Kot pantolon", "Yün kazak", "Pamuklu tişört", "Trençkot"), 690.0),
    ("Ayakkabı", ("Koşu ayakkabısı", "Deri bot", "Çocuk spor ayakkabı", "Sandalet"), 1290.0),
    ("Ev tekstili", ("Nevresim takımı", "Bornoz seti", "Fon perde", "Kırlent"), 740.0),
    ("Küçük ev aletleri", ("Çay makinesi", "El süpürgesi", "Blender", "Tost makinesi", "Ütü"), 2190.0),
    ("Kozmetik", ("Güneş kremi", "Şampuan", "Yüz serumu"), 320.0),
    ("Oyuncak", ("Ahşap yapboz", "Peluş ayı", "Uzaktan kumandalı araba"), 450.0),
    ("Elektronik", ("Kablosuz kulaklık", "Akıllı saat", "Taşınabilir şarj"), 3150.0),
)

REGIONS: dict[str, tuple[str, ...]] = {
    "Marmara": ("İstanbul", "Bursa", "Kocaeli", "Tekirdağ", "Çanakkale"),
    "Ege": ("İzmir", "Aydın", "Muğla", "Manisa", "Uşak"),
    "İç Anadolu": ("Ankara", "Konya", "Kayseri", "Eskişehir"),
    "Akdeniz": ("Antalya", "Adana", "Mersin", "Hatay"),
    "Karadeniz": ("Samsun", "Trabzon", "Ordu", "Zonguldak"),
    "Güneydoğu Anadolu": ("Gaziantep", "Diyarbakır", "Şanlıurfa"),
    "Doğu Anadolu": ("Erzurum", "Van", "Malatya", "Elâzığ"),
}
REGION_SHARES = (0.37, 0.16, 0.16, 0.12, 0.08, 0.07, 0.04)

FIRST_NAMES = (
    "Ayşe Fatma Zeynep Elif Merve Büşra Esra Özlem Gül Şeyma Çiğdem İrem Ilgın Sıla Tuğba Gülşah Nurşen Hülya Ebru Derya "
    "Selin Ece Defne Nazlı Pınar Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Ömer Murat Emre Burak "
    "Oğuz Çağrı Şükrü Uğur Gökhan Kağan Barış Özgür Tolga Serkan Volkan Işık Yiğit Doğukan Kerem Cem"
).split()
LAST_NAMES = (
    "Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan "
    "Şimşek Polat Korkmaz Çakır Erdoğan Güneş Aksoy Bozkurt Ünal Işık Yalçın Güler Taş Bulut Keskin Turan Güngör Sarı "
    "Ateş Ekinci Tunç Altıntaş Gökçe Uçar Ersoy Karadağ Başaran Ağaoğlu Sönmez Tekin Iğdır Eroğlu Soylu Oğuz Şen Duman"
).split()
COMPANY_WORDS = ("Yapı", "Tekstil", "Gıda", "Turizm", "Otelcilik", "Eğitim", "Sağlık", "Lojistik", "Mimarlık", "Yazılım")
MAILBOXES = ("example.com", "example.org", "example.net")
SOURCES_OF_CUSTOMERS = ("Arama motoru", "Sosyal medya", "Mağaza", "Tavsiye", "Pazaryeri", "Reklam")

PRAISE = ("Çok hızlı ilgilendiler.", "Sorunum hemen çözüldü, teşekkürler.", "Temsilci çok nazikti.", "Her şey sorunsuzdu.")
BLAME = ("Günlerce bekledim.", "Kimse geri dönüş yapmadı.", "Sorunum hâlâ çözülmedi.", "Aynı şeyi üç kez anlattım.", "Kargo çok geç geldi.")  # fmt: skip

WEEKDAYS = np.array([1.22, 1.12, 1.06, 1.02, 1.0, 0.84, 0.74])
HOURS = np.array([4, 2, 1, 1, 1, 2, 5, 12, 30, 58, 78, 80, 62, 60, 72, 70, 62, 52, 46, 48, 56, 58, 36, 14], dtype=float)
MONTHS = np.array([0.98, 0.86, 0.92, 0.95, 1.02, 0.98, 0.92, 0.94, 1.02, 1.02, 1.42, 1.18])

ANNOTATIONS = (
    ("2023-10-01", "Yardım masası Zendesk'ten Freshdesk'e taşındı", "Help desk moved from Zendesk to Freshdesk"),
    ("2024-11-21", "Portföyler daraltıldı: bazı müşteriler artık aranmıyor", "Portfolios cut: some customers are no longer called"),
    ("2025-01-01", "Yeni yardım masası devreye alındı", "The present help desk went live"),
    ("2025-10-06", "Empatik iletişim eğitimi tamamlandı", "Empathic communication training completed"),
    ("2026-09-01", "Kargo firması değişti", "Carrier changed"),
    ("2026-10-01", "Kargo gecikmeleri giderildi", "Carrier delays solved"),
)  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """A campaign and what it truly does: `lift` is the added share of treated customers who order in the window."""

    id: str
    name: str
    channel: str
    goal: str
    start: int
    lift: float
    control: float
    reach: float
    cost: int


WINDOW_S = 14 * DAY
CAMPAIGNS = (
    Campaign("KMP-2023-05", "Anneler Günü e-bülteni", "email", "Satış", utc(2023, 5, 8, 10), 0.0, 0.0, 0.6, 18_000),
    Campaign("KMP-2023-11", "Efsane Kasım 2023", "messaging", "Satış", utc(2023, 11, 6, 10), 0.02, 0.0, 0.7, 45_000),
    Campaign("KMP-2024-04", "Bayram alışverişi", "email", "Satış", utc(2024, 4, 1, 10), 0.03, 0.2, 0.5, 26_000),
    Campaign("KMP-2024-09", "Okula dönüş", "messaging", "Satış", utc(2024, 9, 2, 10), 0.02, 0.0, 0.5, 31_000),
    Campaign("KMP-2025-02", "Sevgililer Günü", "email", "Satış", utc(2025, 2, 3, 10), 0.01, 0.2, 0.5, 22_000),
    Campaign("KMP-2025-09", "Sonbahar yenileme kuponu", "messaging", "Geri kazanım", utc(2025, 9, 15, 10), 0.07, 0.5, 0.9, 64_000),
    Campaign("KMP-2026-06", "Yaz bülteni", "email", "Bağlılık", utc(2026, 6, 8, 10), 0.0, 0.5, 0.9, 38_000),
    Campaign("KMP-2026-11", "Efsane Kasım 2026", "messaging", "Satış", utc(2026, 11, 2, 10), 0.0, 0.0, 0.4, 72_000),
)  # fmt: skip
CAMPAIGN_WITH_EFFECT, CAMPAIGN_WITHOUT_EFFECT = "KMP-2025-09", "KMP-2026-06"


def _daily() -> Floats:
    days = [dt.date(2022, 11, 22) + dt.timedelta(days=i) for i in range((END - START) // DAY + 2)]
    bayram = {d for d, name in holidays.country_holidays("TR", years=range(2022, 2028), language="tr").items() if "Bayramı" in name and ("Ramazan" in name or "Kurban" in name)}  # fmt: skip
    weight = [MONTHS[d.month - 1] * (0.55 if d in bayram else 1.0) for d in days]
    before = [1.25 if d + dt.timedelta(days=9) in bayram else 1.0 for d in days]
    return np.array(weight) * np.array(before)


SEASON = _daily()
"""Shopping mood of each local day since START: November campaign, quiet bayram, busy week before it."""
SEASON_SUM = np.concatenate([[0.0], np.cumsum(SEASON)])


def warp(at: Ints, mood_days: Floats) -> Ints:
    """Return the moment `mood_days` average days after `at`, where busy seasons pass faster; just after END beyond it."""
    here = np.interp((at - START) / DAY, np.arange(len(SEASON_SUM)), SEASON_SUM)
    wanted = here + mood_days
    days = np.interp(wanted, SEASON_SUM, np.arange(len(SEASON_SUM)))
    return np.where(wanted >= SEASON_SUM[-1], END + DAY, START + (days * DAY).astype(np.int64))


_CUMULATIVE_HOURS = np.cumsum(HOURS) / HOURS.sum()


def at_rush_hour(rng: np.random.Generator, at: Ints) -> Ints:
    """Return the same local days with a believable hour, and some weekend cases moved to Monday and Tuesday."""
    day = (at + LOCAL) // DAY
    weekday = (day + 3) % 7
    late = (weekday >= 5) & (rng.random(len(at)) < 0.35)
    day = day + np.where(late, 7 - weekday + (rng.random(len(at)) < 0.3), 0)
    hour = np.searchsorted(_CUMULATIVE_HOURS, rng.random(len(at)), side="right")
    moment: Ints = day * DAY + np.minimum(hour, 23) * HOUR + rng.integers(0, HOUR, len(at)) - LOCAL
    return moment


def desk_hours(rng: np.random.Generator, at: Ints, always: Flags | bool = False) -> Ints:
    """Return the moment, or a moment of the next morning where the desk (08:00-22:00) was closed."""
    local = at + LOCAL
    hour = local % DAY // HOUR
    morning = (local // DAY + (hour >= 22)) * DAY + 8 * HOUR + (rng.random(len(at)) ** 2 * 2 * HOUR).astype(np.int64)
    closed = ((hour < 8) | (hour >= 22)) & ~np.asarray(always)
    return np.where(closed, morning - LOCAL, at)


def choose(rng: np.random.Generator, n: int, shares: tuple[float, ...] | Floats) -> Ints:
    """Return n indexes drawn with these shares."""
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, rng.random(n), side="right"), len(shares) - 1).astype(np.int64)
