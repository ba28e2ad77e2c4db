"""A real Tryton 8.2: what its own API changes between two extractions arrives over REST and from its database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.checking import check
from connectors.sources.extraction.run import ExtractionReport
from scripts.services.tryton import Tryton
from tests.support.extracted import Home
from tests.systems.changed_tryton import change, from_database, over_rest

pytestmark = pytest.mark.systems


@dataclass(frozen=True)
class Extracted:
    """Two extractions with changes between them.

    Attributes:
        home: The home.
        again: An extraction before the changes, with nothing new.
        after: The extraction after them.
        before: Opportunities by description before the changes.
    """

    home: Home
    again: ExtractionReport
    after: ExtractionReport
    before: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def both(tryton: Tryton, tmp_path_factory: pytest.TempPathFactory) -> tuple[Extracted, Extracted]:
    """Over REST, and from the database."""
    homes = []
    for describe, schema in ((over_rest, "raw_tryton"), (from_database, "raw_sql")):
        folder: Path = tmp_path_factory.mktemp("home")
        describe(folder, tryton)
        home = Home(folder)
        assert home.extract().failures == []
        home.deliver()
        homes.append((home, home.extract(), home.truth(f"{schema}.opportunities")))
    change(tryton)
    made = []
    for home, again, before in homes:
        after = home.extract()
        assert after.failures == []
        home.deliver()
        made.append(Extracted(home, again, after, before))
    return made[0], made[1]


@pytest.fixture
def rest(both: tuple[Extracted, Extracted]) -> Extracted:
    return both[0]


@pytest.fixture
def database(both: tuple[Extracted, Extracted]) -> Extracted:
    return both[1]


def _said(report: ExtractionReport) -> dict[str, tuple[int, int]]:
    return {one.resource: (one.rows_new, one.rows_deleted) for one in report.resources}


def test_the_check_passes_and_a_wrong_key_is_one_sentence(tryton: Tryton, tmp_path: Path) -> None:
    over_rest(tmp_path, tryton)
    assert {one.passed for one in check(Home(tmp_path).instances()[0])} == {True}
    (tmp_path / "secret_key").write_text("wr0ng-key", encoding="utf-8")
    found = check(Home(tmp_path).instances()[0])
    assert all("the key is not that of a validated user application" in one.sentence for one in found)


def test_a_field_that_tryton_does_not_have_is_one_sentence(tryton: Tryton, tmp_path: Path) -> None:
    over_rest(tmp_path, tryton)
    path = tmp_path / "sources.yml"
    path.write_text(path.read_text() + "  mapping: {deals: {columns: {product: x_product}}}\n")
    (failure,) = Home(tmp_path).extract(only=["sales"]).failures
    assert "erp.sales: Tryton knows no 'x_product': no such model or field" in failure


def test_the_same_again_brings_nothing(rest: Extracted, database: Extracted) -> None:
    for one in (rest, database):
        assert one.again.failures == []
        assert one.again.load_id is None
        assert {new for new, _ in _said(one.again).values()} == {0}


def test_won_lost_and_deleted_opportunities_arrive_over_rest(tryton: Tryton, rest: Extracted) -> None:
    ids = {name: str(number) for name, number in tryton.seed["opportunities"].items()}
    now = rest.home.truth("raw_tryton.opportunities")
    assert (rest.before[ids["商机一"]]["state"], now[ids["商机一"]]["state"]) == ("opportunity", "won")
    assert (rest.before[ids["商机二"]]["state"], now[ids["商机二"]]["state"]) == ("opportunity", "lost")
    assert now[ids["商机三"]]["employee"] == tryton.seed["employees"]["wang"]
    assert set(rest.before) - set(now) == {ids["取消一"]}
    # won, lost, another owner, deleted; what did not change brings no version
    assert _said(rest.after)["opportunities"] == (4, 1)


def test_a_deleted_party_is_deleted_and_an_inactive_one_is_not(tryton: Tryton, rest: Extracted) -> None:
    parties = rest.home.truth("raw_tryton.parties")
    *_, inactive, deleted = map(str, tryton.seed["customers"])
    assert deleted not in parties
    assert parties[inactive]["active"] is False
    assert _said(rest.after)["parties"][1] == 1
    gone = (
        f"select customer_id from raw_files.customers where _is_deleted and customer_id = 'party-{deleted}'"
    )
    assert len(rest.home.rows(gone)) == 1


def test_both_ways_make_the_same_deals_and_transactions(
    tryton: Tryton, rest: Extracted, database: Extracted
) -> None:
    deals = (
        "select deal_id, customer_id, owner_employee_id, amount, signed_at from raw_files.deals "
        "qualify row_number() over (partition by deal_id order by _load_seq desc) = 1 order by deal_id"
    )
    found = rest.home.rows(deals)
    assert found == database.home.rows(deals)
    employees = {login: str(number) for login, number in tryton.seed["employees"].items()}
    assert [(deal, owner) for deal, _, owner, *_ in found] == [
        ("sale-1", employees["li"]),
        ("sale-2", employees["wang"]),
        ("sale-3", employees["li"]),  # the opportunity that was won
    ]
    money = "select deal_id, kind, amount, currency from raw_files.transactions order by all"
    assert rest.home.rows(money) == database.home.rows(money)
    told = [(deal, kind, str(amount)) for deal, kind, amount, _ in rest.home.rows(money)]
    assert told == [
        ("sale-1", "invoice", "2237.40"),
        ("sale-1", "payment", "2237.40"),
        ("sale-2", "invoice", "339.00"),
    ]


def test_the_row_history_tells_each_change_and_the_deletion(tryton: Tryton, database: Extracted) -> None:
    rows = database.home.truth("raw_sql.opportunity_history").values()
    by_number = sorted(rows, key=lambda row: int(row["history_id"]))
    won, deleted = (tryton.seed["opportunities"][one] for one in ("商机一", "取消一"))
    states = [row["state"] for row in by_number if row["opportunity"] == won]
    assert (states[0], states[-1]) == ("lead", "won")
    assert "converted" in states, "what came between two extractions is there too"
    tombstone = [row for row in by_number if row["opportunity"] == deleted][-1]
    assert (tombstone["is_tombstone"], tombstone["state"], tombstone["amount"]) == (True, None, None)
    assert _said(database.after)["opportunities"][1] == 1
    assert str(deleted) not in database.home.truth("raw_sql.opportunities")


def test_turnover_and_loss_of_stock_come_from_the_database(database: Extracted) -> None:
    moves = database.home.truth("raw_sql.stock_moves").values()
    sums = {
        kind: sum(float(move["quantity"]) for move in moves if move["kind"] == kind)
        for kind in ("turnover", "loss")
    }
    assert sums == {"turnover": 2.0, "loss": 4.0}
