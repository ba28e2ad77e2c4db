"""WeCom (企业微信): its users, and the customers they added as external contacts.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).

The secret is that of an application of the company's own which may use customer contacts; the secret of the contacts
system is refused since 2023-12-01.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.mapping.strict import as_list
from connectors.sources.model import Resource, RestConnection, SecretSpec, SourceType


class WecomConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        address: Of the API.
        corpid: Of the company.
        department: Whose users are read, with those of the departments below it; 1 is the whole company.
        exclude_users: Ids of users whose contacts are not read, such as those without a licence.
        users_per_request: Users whose contacts one request asks for.
        page_size: Contacts of a page.
    """

    address: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] = "https://qyapi.weixin.qq.com"
    corpid: Annotated[str, Field(pattern=r"^\w+$")]
    department: Annotated[int, Field(ge=1)] = 1
    exclude_users: Annotated[list[str], BeforeValidator(as_list)] = Field(default_factory=list)
    users_per_request: Annotated[int, Field(ge=1, le=100)] = 50
    page_size: Annotated[int, Field(ge=1, le=100)] = 100


WECOM = SourceType(
    name="wecom",
    about="WeCom (企业微信): customers that users of the company added",
    connection=WecomConnection,
    secrets=(
        SecretSpec("corpsecret", "secret of an application of your own that may use customer contacts"),
    ),
    resources=(
        Resource(
            "users",
            ("userid",),
            "full",
            about="users of the company; their e-mail only where the application may see it",
            fields=("userid", "name", "email"),
            is_sparse=True,
            permission="the department visible to the application",
            limits="one request for all",
            object="user/list",
        ),
        Resource(
            "contacts",
            # the time between the two ids, so that the first of a customer's records is its oldest
            ("external_contact.external_userid", "follow_info.createtime", "follow_info.userid"),
            "full",
            about="a customer and one user who added it; a customer added by two users is two records",
            fields=(
                "external_contact.name",
                "external_contact.type",
                "external_contact.corp_name",
                "follow_info.remark_mobiles",
                "follow_info.add_way",
                "follow_info.state",
            ),
            is_sparse=True,
            permission="customer contacts (客户联系), and the users visible to the application",
            limits="100 contacts a page, all of them each time; tags come by id, not by name",
            object="externalcontact/batch/get_by_user",
        ),
    ),
    extractor="connectors.wecom.source:WecomExtractor",
    folder=Path(__file__).parent,
)
