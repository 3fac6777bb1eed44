"""Orders as shops, marketplaces and accounting programs export them: lines summed to their order, amounts and times as meant."""

# ruff: noqa: E501 - an export's header is one long line

import json
from pathlib import Path

import pytest
from vendor_rows import Export, only, staged

SHOPIFY = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Notes,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,Source"
WOO = {
    "id": 727,
    "parent_id": 0,
    "number": "727",
    "status": "completed",
    "currency": "TRY",
    "customer_id": 0,
    "date_created": "2026-03-14T12:00:00",
    "date_created_gmt": "2026-03-14T09:00:00",
    "total": "129.90",
    "total_tax": "10.00",
    "billing": {
        "first_name": "Ece",
        "last_name": "Er",
        "email": "ece@example.com",
        "phone": "1",
        "city": "Bursa",
        "country": "TR",
    },
    "line_items": [{"id": 1, "name": "Kupa", "quantity": 1}],
}
HEPSI = {
    "id": "a-1",
    "sku": "HBV1",
    "merchantSku": "KUPA",
    "name": "Kupa",
    "orderNumber": "4000001",
    "orderDate": "2026-03-14T12:00:00",
    "quantity": 2,
    "unitPrice": {"currency": "TRY", "amount": 50.5},
    "totalPrice": {"currency": "TRY", "amount": 101.0},
    "customerId": "c-9",
    "customerName": "Ece Er",
    "status": "Open",
}
PARASUT = {
    "id": "900",
    "type": "sales_invoices",
    "attributes": {
        "invoice_no": "ABC2026000000001",
        "issue_date": "2026-03-14",
        "due_date": "2026-04-14",
        "net_total": "1180.0",
        "gross_total": "1000.0",
        "currency": "TRL",
        "payment_status": "overdue",
        "item_type": "invoice",
        "billing_name": None,
    },
    "relationships": {"contact": {"data": {"id": "77", "type": "contacts"}}},
}
EXPORTS = [
    Export(
        "shopify",
        f"{SHOPIFY}\n"
        "#1001,ece@example.com,paid,2026-03-14 09:01:00 -0400,fulfilled,,yes,USD,100.00,5.00,0.00,105.00,,0.00,Std,2026-03-14 09:00:00 -0400,2,Mug,40.00,,MUG,true,true,fulfilled,Ece Er,,,,,Bursa,16000,,TR,,,,PayPal,0.00,Atelier,555,,Low,web\n"
        "#1001,ece@example.com,,,,,,,,,,,,,,2026-03-14 09:00:00 -0400,1,Hat,20.00,,HAT,true,true,fulfilled,,,,,,,,,,,,,,,Atelier,,,,\n"
        "#1002,can@example.com,refunded,2026-03-15 09:01:00 -0400,fulfilled,,no,USD,20.00,0.00,0.00,20.00,,0.00,Std,2026-03-15 09:00:00 -0400,1,Hat,20.00,,HAT,true,true,fulfilled,Can Su,,,,,Bursa,16000,,TR,,,,PayPal,20.00,Atelier,556,,Low,web\n"
        "#1003,can@example.com,paid,2026-03-16 09:01:00 -0400,unfulfilled,,no,USD,20.00,0.00,0.00,20.00,,0.00,Std,2026-03-16 09:00:00 -0400,1,Hat,20.00,,HAT,true,true,pending,Can Su,,,,,Bursa,16000,,TR,,,2026-03-17 09:00:00 -0400,PayPal,0.00,Atelier,557,,Low,web\n",
        {
            "orders": [
                {
                    "order_id": "#1001",
                    "customer_id": "ece@example.com",
                    "ordered_at": "2026-03-14 13:00:00",
                    "amount": 105.0,
                    "currency": "USD",
                    "status": "paid",
                },
                {"order_id": "#1002", "amount": 20.0, "status": "refunded"},
                {"order_id": "#1003", "amount": 20.0, "status": "cancelled", "status_raw": "paid"},
            ],
            "order_lines": [
                {"line": 1, "product_id": "MUG", "quantity": 2.0, "amount": 80.0},
                {"order_id": "#1001", "line": 2, "amount": 20.0},
                {},
                {},
            ],
            "customers": [
                {"customer_id": "ece@example.com", "name": "Ece Er", "contact_allowed": True},
                {"city": "Bursa", "contact_allowed": False},
            ],
        },
    ),
    Export(
        "woocommerce",
        "Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Attribution\n"
        '2026-03-14 12:00:00,727,119.90,completed,Ece Er,new,"1× Kupa",1,,Direct\n2026-03-15 12:00:00,728,20.00,on-hold,Can Su,returning,"1× Kupa",1,,Direct\n',
        {
            "orders": [
                {"order_id": "727", "ordered_at": "2026-03-14 09:00:00", "amount": 119.9, "status": "paid"},
                {"status": None, "status_raw": "on-hold"},
            ]
        },
    ),
    Export(
        "woocommerce",
        json.dumps([WOO]),
        {
            "orders": [
                {
                    "order_id": "727",
                    "customer_id": "ece@example.com",
                    "ordered_at": "2026-03-14 09:00:00",
                    "amount": 129.9,
                    "status": "paid",
                }
            ],
            "customers": [{"name": "Ece Er", "country": "TR"}],
        },
        name="orders.json",
    ),
    Export(
        "trendyol",
        "Sipariş Numarası;Sipariş Tarihi;Alıcı;Sipariş Statüsü;Ürün Adı;Adet;Satış Tutarı;İndirim Tutarı;Faturalanacak Tutar\n"
        "9001;01.03.2026 10:15;Ali Ak;Teslim Edildi;Kupa;1;1.120,00;20,00;1.100,00\n9001;01.03.2026 10:15;Ali Ak;Teslim Edildi;Kazak;2;500,00;50,00;450,00\n"
        "9003;02.03.2026 18:05;Ece Er;İade;Kupa;1;120,00;0,00;120,00\n",
        {
            "orders": [
                {
                    "order_id": "9001",
                    "customer_id": "Ali Ak",
                    "ordered_at": "2026-03-01 07:15:00",
                    "amount": 1550.0,
                    "currency": "TRY",
                    "status": "paid",
                },
                {"order_id": "9003", "amount": 120.0, "status": "refunded"},
            ],
            "order_lines": [
                {"line": 1, "amount": 1100.0},
                {"line": 2, "product": "Kazak", "quantity": 2.0},
                {"line": 1},
            ],
        },
    ),
    Export(
        "hepsiburada",
        "Barkod;Paket Numarası;Kargo Firması;Sipariş Tarihi;Sipariş Numarası;Alıcı;Şehir;Semt;Ürün Adı;Satıcı Stok Kodu;Adet;Kategori;Faturalandırılacak Satış Fiyatı;Komisyon Tutarı (KDV Dahil);Paket Durumu;Müşteri Tipi\n"
        "1;5;HepsiJet;14.03.2026 12:00;4000001;Ece Er;Bursa;Nilüfer;Kupa;KUPA;2;Ev;101,00;10,00;Teslim Edildi;Bireysel\n"
        "1;5;HepsiJet;14.03.2026 12:00;4000001;Ece Er;Bursa;Nilüfer;Kazak;KAZAK;1;Giyim;1.200,50;10,00;Teslim Edildi;Bireysel\n",
        {
            "orders": [
                {"order_id": "4000001", "ordered_at": "2026-03-14 09:00:00", "amount": 1301.5, "status": "paid"}
            ],
            "customers": [{"name": "Ece Er", "region": "Bursa", "city": "Nilüfer"}],
        },
    ),
    Export(
        "hepsiburada",
        json.dumps(
            {"totalCount": 2, "items": [HEPSI, HEPSI | {"id": "a-2", "totalPrice": {"currency": "TRY", "amount": 9.5}}]}
        ),
        {
            "orders": [
                {
                    "order_id": "4000001",
                    "customer_id": "c-9",
                    "ordered_at": "2026-03-14 09:00:00",
                    "amount": 110.5,
                    "status": "paid",
                }
            ]
        },
        name="items.json",
    ),
    Export(
        "parasut",
        json.dumps({"data": [PARASUT], "meta": {"total_count": 1}}),
        {
            "orders": [
                {
                    "order_id": "900",
                    "customer_id": "77",
                    "ordered_at": "2026-03-13 21:00:00",
                    "amount": 1180.0,
                    "currency": "TRY",
                    "status": "paid",
                    "status_raw": "overdue",
                }
            ]
        },
        name="invoices.json",
    ),
    Export(
        "parasut",
        "Fatura No;Fatura İsmi;Müşteri;Düzenleme Tarihi;Vade Tarihi;Döviz;Genel Toplam;Kalan Tutar;Durum\n"
        "ABC1;Mart hizmeti;Deneme A.Ş.;14.03.2026;14.04.2026;TL;1.180,00;0,00;Tahsil Edildi\n",
        {
            "orders": [
                {
                    "order_id": "ABC1",
                    "customer_id": "Deneme A.Ş.",
                    "amount": 1180.0,
                    "currency": "TRY",
                    "status": "paid",
                }
            ]
        },
    ),
    Export(
        "erp",
        "Cari Kodu;Cari Ünvanı;Fatura Tarihi;Miktar;Net Tutar;Stok Adı\n120.01;Deneme A.Ş.;03.03.2026;2;12.400,50;Ürün A\n120.02;Örnek Ltd.;04.03.2026;1;980,00;Ürün B\n"
        "120.01;Deneme A.Ş.;03.03.2026;3;1.150,25;Ürün C\n",
        {
            "orders": [
                {"order_id": "120.01-03.03.2026-1", "customer_id": "120.01", "amount": 12400.5},
                {"amount": 980.0},
                {"order_id": "120.01-03.03.2026-2", "amount": 1150.25},
            ],
            "customers": [{"customer_id": "120.02", "name": "Örnek Ltd."}, {"company": "Deneme A.Ş."}],
        },
    ),
    Export(
        "erp",
        "Fiş No;Cari Hesap Kodu;Cari Hesap Ünvanı;Fatura Tarihi;Malzeme Kodu;Malzeme Adı;Miktar;Birim Fiyat;Tutar\n"
        "F1;120.01;Deneme A.Ş.;03.03.2026;A;Ürün A;2;50,00;100,00\nF1;120.01;Deneme A.Ş.;03.03.2026;B;Ürün B;1;25,50;25,50\n",
        {
            "orders": [{"order_id": "F1", "customer_id": "120.01", "amount": 125.5}],
            "order_lines": [{"line": 1, "unit_price": 50.0}, {"line": 2, "product_id": "B"}],
        },
    ),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[f"{e.source}_{i}" for i, e in enumerate(EXPORTS)])
def test_orders_as_their_vendor_exports_them(tmp_path: Path, export: Export) -> None:
    source, aside, found = staged(export, tmp_path)
    assert (source, aside) == (export.source, export.rejected)
    assert only(export.tables, found) == export.tables
