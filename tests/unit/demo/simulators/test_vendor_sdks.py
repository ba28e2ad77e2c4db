"""The simulators speak as the vendors' own SDKs expect: each SDK is driven at its simulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from demo.simulators.hubspot import HubspotSimulator
from demo.simulators.kingdee import APP_ID, KingdeeSimulator
from demo.simulators.salesforce import SalesforceSimulator

MODIFIED = "2026-03-01T00:00:0{}.000Z"


def _deals() -> list[dict[str, Any]]:
    stage = {"value": "closedwon", "timestamp": MODIFIED.format(1), "sourceType": "CRM_UI"}
    return [
        {
            "id": str(number),
            "properties": {"dealname": f"Deal {number}", "hs_lastmodifieddate": MODIFIED.format(number)},
            "propertiesWithHistory": {"dealstage": [stage]},
            "archived": number == 4,
        }
        for number in range(5)
    ]


def test_hubspots_sdk_reads_lists_searches_histories_and_owners() -> None:
    from hubspot import Client
    from hubspot.crm.deals import BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest

    owners = [{"id": "7", "email": "a@b.cn", "firstName": "A", "userId": 70, "archived": False}]
    stamps = {"createdAt": MODIFIED.format(0), "updatedAt": MODIFIED.format(0), "type": "PERSON"}
    owners = [one | stamps for one in owners]
    with HubspotSimulator({"deals": _deals(), "owners": owners}) as simulator:
        client = Client(access_token="simulated-token")
        client.config["host"] = simulator.url
        api = client.crm.deals
        page = api.basic_api.get_page(limit=3, properties=["dealname"], archived=False)
        assert [one.id for one in page.results] == ["0", "1", "2"]
        rest = api.basic_api.get_page(limit=3, after=page.paging.next.after, properties=["dealname"])
        assert [(one.id, one.properties["dealname"]) for one in rest.results] == [("3", "Deal 3")]
        assert rest.paging is None
        assert [one.id for one in api.basic_api.get_page(limit=10, archived=True).results] == ["4"]
        since = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "1772323202000"}
        asked = PublicObjectSearchRequest(
            limit=1,
            after="0",
            sorts=["hs_lastmodifieddate"],
            properties=["dealname"],
            filter_groups=[{"filters": [since]}],
        )
        found = api.search_api.do_search(asked)
        assert (found.total, [one.id for one in found.results], found.paging.next.after) == (2, ["2"], "1")
        wanted = BatchReadInputSimplePublicObjectId(
            inputs=[{"id": "1"}], properties=[], properties_with_history=["dealstage"]
        )
        (deal,) = api.batch_api.read(wanted).results
        assert [one.value for one in deal.properties_with_history["dealstage"]] == ["closedwon"]
        assert [one.email for one in client.crm.owners.owners_api.get_page().results] == ["a@b.cn"]


def test_hubspots_sdk_knows_the_simulators_errors() -> None:
    from hubspot import Client
    from hubspot.crm.deals import ApiException, PublicObjectSearchRequest

    with HubspotSimulator({"deals": _deals()}, most=3) as simulator:
        client = Client(access_token="wrong")
        client.config["host"] = simulator.url
        with pytest.raises(ApiException) as refused:
            client.crm.deals.basic_api.get_page()
        assert refused.value.status == 401
        client = Client(access_token="simulated-token")
        client.config["host"] = simulator.url
        asked = PublicObjectSearchRequest(limit=2, after="2", sorts=[], properties=[], filter_groups=[])
        with pytest.raises(ApiException) as ended:
            client.crm.deals.search_api.do_search(asked)
        assert ended.value.status == 400, "a search that is paged by `after` ends"


def _k3(url: str, secret: str = "simulated-secret") -> Any:
    from k3cloud_webapi_sdk.main import K3CloudApiSdk

    api = K3CloudApiSdk(f"{url}/k3cloud/")
    api.InitConfig("6666", "reader", APP_ID, secret, f"{url}/k3cloud/")
    return api


def test_kingdees_sdk_signs_queries_and_pages_by_start_row() -> None:
    rows = [{"FID": number, "FBillNo": f"X{number}", "FDate": f"2026-03-0{number}"} for number in range(1, 6)]
    query = {"FormId": "SAL_SaleOrder", "FieldKeys": "FID,FBillNo", "FilterString": "FDate>='2026-03-02'"}
    with KingdeeSimulator({"SAL_SaleOrder": rows}) as simulator:
        api = _k3(simulator.url)
        pages = [
            json.loads(
                api.ExecuteBillQuery(query | {"OrderString": "FID DESC", "StartRow": start, "Limit": 3})
            )
            for start in (0, 3)
        ]
        assert pages == [[[5, "X5"], [4, "X4"], [3, "X3"]], [[2, "X2"]]]
        assert simulator.asked[-1].headers["kdservice-sessionid"] in simulator.sessions
        simulator.sessions.clear()
        (lost,) = json.loads(api.ExecuteBillQuery(query))[0]
        assert lost["Result"]["ResponseStatus"]["MsgCode"] == 1
        with pytest.raises(RuntimeError, match="签名校验失败"):
            _k3(simulator.url, "wrong").ExecuteBillQuery(query)


def test_salesforces_sdk_reads_a_page() -> None:
    """One page: for the next it would ask an address with https."""
    from simple_salesforce import Salesforce
    from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceMalformedRequest

    record = {"Id": "006A", "Name": "A", "SystemModstamp": "2026-03-01T00:00:00.000+0000", "IsDeleted": True}
    with SalesforceSimulator({"Opportunity": [record]}) as simulator:
        client = Salesforce(instance_url=simulator.url, session_id="no-token")
        client.base_url = client.base_url.replace("https:", "http:")
        query = "SELECT Id, Name FROM Opportunity WHERE SystemModstamp > 2026-01-01T00:00:00Z"
        with pytest.raises(SalesforceExpiredSession):
            client.query(query)
        simulator.tokens.add("a-token")
        client = Salesforce(instance_url=simulator.url, session_id="a-token")
        client.base_url = client.base_url.replace("https:", "http:")
        assert client.query(query)["totalSize"] == 0, "a deleted record is only in queryAll"
        found = client.query(query, include_deleted=True)
        assert (found["done"], [one["Name"] for one in found["records"]]) == (True, ["A"])
        with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
            client.query("SELECT Foo__c FROM Opportunity")
