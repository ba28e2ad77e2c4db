"""The WeCom group robot in markdown, as an apprise service.

apprise's own service of the same scheme sends plain text, whose limit is 2,048 bytes, and counts characters. Here
belongs what differs: the kind of message, the limit in bytes. Not here: errors hidden in HTTP 200 (`transport.py`).
"""

import json
from functools import cache
from typing import Any

from serving.alerts.texts import cut

MARKDOWN_BYTES = 4_096


@cache
def register() -> type[Any]:
    """Make `wecombot://KEY` send markdown; does so once.

    Returns:
        The service.
    """
    import requests
    from apprise import NotifyFormat, NotifyType
    from apprise.manager_plugins import NotificationManager
    from apprise.plugins.wecombot import NotifyWeComBot

    class MarkdownRobot(NotifyWeComBot):  # type: ignore[no-untyped-call]
        """A WeCom group robot that gets markdown."""

        body_maxlen = MARKDOWN_BYTES
        notify_format = NotifyFormat.TEXT

        def send(
            self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any
        ) -> bool:
            """Post one message; never more than the robot takes."""
            del notify_type  # a robot has no place for it
            try:
                answer = requests.post(
                    self.api_url,
                    data=json.dumps(markdown(title, body), ensure_ascii=False).encode(),
                    headers={"User-Agent": self.app_id, "Content-Type": "application/json; charset=utf-8"},
                    verify=self.verify_certificate,
                    timeout=self.request_timeout,
                    allow_redirects=False,
                )
            except requests.RequestException:
                return False
            return bool(answer.status_code == requests.codes.ok)

    manager: Any = NotificationManager()  # type: ignore[no-untyped-call]
    manager.remove("wecombot")
    manager.add(MarkdownRobot, schemas="wecombot")
    return MarkdownRobot


def markdown(title: str, body: str) -> dict[str, Any]:
    """The document a WeCom robot takes; the first line is bold, nothing in the text is read as a link or a mention.

    Args:
        title: May be empty: then the first line of the body is the title.
        body: Lines of plain text.
    """
    first, _, rest = (f"{title}\n{body}" if title else body).partition("\n")
    safe_first, safe_rest = (text.replace("<", "＜").replace("[", "［") for text in (first, rest))
    content = cut(f"**{safe_first}**\n{safe_rest}", MARKDOWN_BYTES)
    return {"msgtype": "markdown", "markdown": {"content": content}}
