"""People whose name stands in two columns, and exports in the languages of Europe: from a folder to the right rows."""

from decimal import Decimal

import pytest
from files_support import Deliver
from mapping_support import rows

from connectors.files.mapping.suggest import suggest_mapping

DEALS = "deal_id, owner_employee_id, amount, currency, strftime(signed_at, '%Y-%m-%d')"
ENGLISH = {
    "deals.csv": "Deal ID,Amount,Close date,Deal owner,Company,Stage\n1,10.00,2026-01-05,Anna Schmidt,Firm A,Won\n"
    "2,5.00,2026-01-06,Ben Kurz,Firm B,Closed Won\n3,5.00,2026-01-06,Ben Kurz,Firm B,Lost\n",
    "users.csv": "First Name,Last Name,Email,Team\nAnna,Schmidt,anna@x.example,North\nBen,Kurz,ben@x.example,South\n",
}
GERMAN = {
    "Abschlüsse.csv": (
        "Vorgang;Kunde;Auftragswert;Währung;Abschlussdatum;Vertriebsmitarbeiter;Ausgang\n"
        "A-1;Müller GmbH;1.500;EUR;05.01.2026;Schmidt, Anna;Gewonnen\n"
        "A-2;Groß KG;2.000;EUR;06.01.2026;Kurz, Ben;Gewonnen\n"
        "A-3;Alt AG;750;EUR;07.01.2026;Kurz, Ben;Verloren\n"
    ).encode("cp1252"),
    "Mitarbeiter.csv": "Personalnummer;Vorname;Nachname;Abteilung;Eintrittsdatum\n"
    "100;Anna;Schmidt;Vertrieb;01.04.2024\n101;Ben;Kurz;Vertrieb;01.05.2024\n",
}


def test_a_given_and_a_family_name_are_the_owner_of_the_deals(deliver: Deliver) -> None:
    folder = deliver(ENGLISH)
    text = suggest_mapping(folder).text
    assert rows(folder, text, "employee_id, name, email, team_id", "employees") == [
        ("anna-schmidt", "Anna Schmidt", "anna@x.example", "North"),
        ("ben-kurz", "Ben Kurz", "ben@x.example", "South"),
    ]
    assert [row[1] for row in rows(folder, text, DEALS)] == ["anna-schmidt", "ben-kurz"]


def test_the_family_name_may_stand_first_and_people_have_numbers(deliver: Deliver) -> None:
    """Thousands with a point, a stage and a currency under headers nobody knows."""
    folder = deliver(
        GERMAN | {"Abschlüsse.csv": GERMAN["Abschlüsse.csv"].replace("Währung".encode("cp1252"), b"ISO")}
    )
    text = suggest_mapping(folder).text
    assert rows(folder, text, DEALS) == [
        ("A-1", "schmidt-anna", Decimal("1500.00"), "EUR", "2026-01-04"),
        ("A-2", "kurz-ben", Decimal("2000.00"), "EUR", "2026-01-05"),
    ]
    assert rows(folder, text, "source_user_id, employee_id", "source_users") == [
        ("schmidt-anna", "100"),
        ("kurz-ben", "101"),
    ]
    people = "employee_id, name, department, cast(hire_date as varchar)"
    assert rows(folder, text, people, "employees")[0] == ("100", "Anna Schmidt", "sales", "2024-04-01")


@pytest.mark.parametrize(
    ("header", "owners", "name"),
    [
        ("Owner First Name,Owner Last Name", "Anna,Schmidt", "Anna Schmidt"),
        ("Vendeur prénom,Vendeur nom", "Zoé,Petit", "Zoé Petit"),
        ("销售姓,销售名", "张,三", "三 张"),
    ],
)
def test_deals_may_name_their_owner_in_two_columns(
    deliver: Deliver, header: str, owners: str, name: str
) -> None:
    users = "Full name,Department\n" + f"{name},Sales\n"
    deals = f"Deal ID,Amount,Close date,{header},Company,Stage\n1,10.00,2026-01-05,{owners},Firm A,Won\n"
    folder = deliver({"deals.csv": deals, "users.csv": users})
    text = suggest_mapping(folder).text
    assert rows(folder, text, "name", "employees") == [(name,)]
    [(_, owner, *_)] = rows(folder, text, DEALS)
    assert rows(folder, text, "employee_id", "employees") == [(owner,)]


@pytest.mark.parametrize(
    ("header", "person", "owner"),
    [
        ("Name,Vorname", "Schmidt,Anna", "Schmidt Anna"),
        ("Prénom,Nom", "Zoé,Petit", "Petit Zoé"),
        ("姓,名", "张,三", "张三"),
    ],
)
def test_lists_of_people_in_other_languages(deliver: Deliver, header: str, person: str, owner: str) -> None:
    deals = f"Deal ID,Amount,Close date,Owner,Company,Stage\n1,10.00,2026-01-05,{owner},Firm A,Won\n"
    folder = deliver({"deals.csv": deals, "people.csv": f"{header},Team\n{person},T1\n"})
    text = suggest_mapping(folder).text
    [(key, team)] = rows(folder, text, "employee_id, team_id", "employees")
    assert ([row[1] for row in rows(folder, text, DEALS)], team) == ([key], "T1")


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("CHF 12'000.–", "12000.00", "CHF"),
        ("₹1,23,456.50", "123456.50", "INR"),
        ("1 234,50 zł", "1234.50", "PLN"),
        ("1.234,50 kr", "1234.50", "USD"),  # of three countries: a guess to be looked at
    ],
)
def test_signs_of_currencies(deliver: Deliver, written: str, amount: str, currency: str) -> None:
    deals = f"ID;Kunde;Betrag;Datum;Verkäufer;Status\n1;Käserei;{written};05.03.26;Urs Bär;gewonnen\n"
    folder = deliver({"opps.csv": deals})
    text = suggest_mapping(folder).text
    assert rows(folder, text, DEALS) == [("1", "urs-bär", Decimal(amount), currency, "2026-03-04")]


def test_offers_are_no_deals(deliver: Deliver) -> None:
    """The word for what is won is known, and where it is not, what is only offered does not count."""
    table = "Auftragsnr.;Firma;Auftragssumme;Auftragsdatum;Betreuer;Status\n"
    lines = [f"{at};F;5,00;0{at}.01.2026;Max Groß;{{}}\n" for at in range(1, 4)]
    for won in ("beauftragt", "fertig"):
        text = table + "".join(lines).format(won, "Angebot", "storniert")
        folder = deliver({"Aufträge.csv": text})
        assert [row[0] for row in rows(folder, suggest_mapping(folder).text, DEALS)] == ["1"]
    assert "these do not count, all others do: fertig" in suggest_mapping(folder).text


def test_rows_that_name_several_people_are_nobodys(deliver: Deliver) -> None:
    table = "Deal ID,Amount,Close date,Owner,Company,Stage\n"
    lines = "1,10.00,2026-01-05,Ann Lee; Bob Ray,A,Won\n2,20.00,2026-01-05,Ann Lee,A,Won\n"
    folder = deliver({"deals.csv": table + lines})
    text = suggest_mapping(folder).text
    assert rows(folder, text, "name", "employees") == [("Ann Lee",)]
    assert [row[0] for row in rows(folder, text, DEALS)] == ["2"]
    assert "say their shares in deal_splits" in text


def test_noise_units_of_goods_and_yen(deliver: Deliver) -> None:
    table = "案件番号,会社名,受注金額,数量,受注日,担当者,ステータス\n"
    lines = "1,A,57.699999999999996,12 pcs,2026-03-05,佐藤,受注\n2,B,300,3件,2026-03-06,佐藤,失注\n"
    folder = deliver({"deals.csv": table + lines})
    text = suggest_mapping(folder).text
    assert rows(folder, text, "amount, currency, units") == [(Decimal("57.70"), "JPY", Decimal(12))]
