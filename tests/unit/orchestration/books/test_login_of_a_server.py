"""Where a server keeps the ledger, the login is who acts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger import NotAllowedError, PeriodState
from orchestration.books import periods
from orchestration.books.calculation import calculate
from orchestration.errors import InputError
from tests.support.closing import FIRST, PretendCompany
from tests.support.drawn_lines import Line

MONTH, NEXT = FIRST, "2025-12"


def test_on_a_server_the_login_counts(company: PretendCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import create_engine, make_url, text

    from tests.unit.ledger.servers import postgres

    with postgres() as address:
        url = make_url(address).set(drivername="postgresql+psycopg")
        monkeypatch.setenv("INCENTIVES_LEDGER_URL", address)
        login = str(url.username)
        with pytest.raises(InputError, match=f"that is '{login}'"):
            calculate(company.settings, MONTH, "ann")
        assert calculate(company.settings, MONTH, None).entry.by == login
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("drop role if exists bob"))
            connection.execute(text("create role bob login password 'of-bob'"))
            connection.execute(text("grant select, insert, update on all tables in schema public to bob"))
        with pytest.raises(NotAllowedError, match="second person"):
            periods.approve(company.settings, MONTH, None)
        monkeypatch.setenv(
            "INCENTIVES_LEDGER_URL",
            url.set(drivername="postgresql", username="bob", password="of-bob").render_as_string(
                hide_password=False
            ),
        )
        assert periods.approve(company.settings, MONTH, None).entry.by == "bob"
        assert periods.lock(company.settings, MONTH, "bob").state is PeriodState.LOCKED
        company.last_month = NEXT
        company.put(Line("a", MONTH, "S1", Decimal("30.00"), version=2))
        company.run()
        assert company.rows("select amount from marts.fct_payout_lines where component = 'true_up'") == [
            (Decimal("-70.00"),)
        ]
        with engine.begin() as connection:
            connection.execute(text("drop owned by bob"))
            connection.execute(text("drop role bob"))
        engine.dispose()
        assert not company.settings.ledger.exists()
