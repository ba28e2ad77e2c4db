"""Kingdee K3Cloud (金蝶云星空): customers, orders, receivables, receipts, refunds, stock, by ExecuteBillQuery.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).

Which fields are read is said by the mapping: companies change their forms, and K3Cloud refuses a query that names a
field which is not there.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.mapping.strict import as_list
from connectors.sources.model import Resource, RestConnection, SecretSpec, SourceType

_LIMITS = "2,000 rows a page; no total; deletions are noticed by a list of all keys"


class KingdeeConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        address: Of the server, such as https://erp.acme.cn/k3cloud.
        acct_id: Id of the account set (数据中心).
        username: User for whom the application was authorised.
        lcid: Language of messages.
        org_num: Number of the organisation, where a user has several.
        currency: Of rows that name none.
        page_size: Rows of a page.
        change_dates: Fields of bills that get a new date when a bill changes; an approval leaves FModifyDate as it is.
    """

    address: Annotated[str, Field(pattern=r"^https?://\S+[^/\s]$")]
    acct_id: Annotated[str, Field(min_length=1)]
    username: Annotated[str, Field(min_length=1)]
    lcid: int = 2052
    org_num: Annotated[str, Field(pattern=r"^\w*$")] = "0"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 2000
    change_dates: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default=["FModifyDate", "FApproveDate", "FCancelDate"], min_length=1
    )


def _bills(name: str, form: str, key: str, about: str, *, dated: bool = True) -> Resource:
    return Resource(
        name=name,
        key=(key,),
        cursor="FModifyDate",
        about=about,
        sweep=True,
        overlap=dt.timedelta(minutes=10),
        dated=dated,
        permission=f"query on {form} for the user of the application",
        limits=_LIMITS,
        object=form,
    )


KINGDEE = SourceType(
    name="kingdee",
    about="Kingdee K3Cloud (金蝶云星空) over its WebAPI, with signed requests",
    connection=KingdeeConnection,
    secrets=(
        SecretSpec("app_id", "id of the application (应用ID), which holds a key"),
        SecretSpec("app_secret", "secret of the application (应用密钥)"),
    ),
    resources=(
        _bills("customers", "BD_Customer", "FCUSTID", "customers (客户)", dated=False),
        _bills("sales_orders", "SAL_SaleOrder", "FID", "sales orders (销售订单), one row an order"),
        _bills("receivables", "AR_receivable", "FEntityDetail_FEntryID", "lines of receivables (应收单)"),
        _bills("receipts", "AR_RECEIVEBILL", "FRECEIVEBILLENTRY_FEntryID", "lines of receipts (收款单)"),
        _bills("refunds", "AR_REFUNDBILL", "FREFUNDBILLENTRY_FEntryID", "lines of refunds (收款退款单)"),
        _bills(
            "stock_in", "STK_InStock", "FInStockEntry_FEntryID", "lines of purchases received (采购入库单)"
        ),
        _bills("deliveries", "SAL_OUTSTOCK", "FEntity_FEntryID", "lines of sales delivered (销售出库单)"),
        _bills("stock_out", "STK_MisDelivery", "FEntity_FEntryID", "lines of other issues (其他出库单)"),
    ),
    extractor="connectors.kingdee.source:KingdeeExtractor",
    folder=Path(__file__).parent,
)
