"""One attempt to send one message: by HTTP, by mail, or through apprise for every other service."""

from typing import Any

from serving.alerts.channels import Channel
from serving.alerts.model import Message
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.sending.mail import SCHEMES, send_mail
from serving.alerts.sending.robots import IDEMPOTENCY_HEADER, REQUESTS, send_http
from serving.alerts.sending.wire import BeforeBytes

_WEBHOOKS = frozenset({"form", "forms", "xml", "xmls"})


def send(channel: Channel, message: Message, before_bytes: BeforeBytes) -> Attempt:
    """Send a message.

    Args:
        channel: The receiver.
        message: The message; its id is sent as idempotency key where the channel has a place for it.
        before_bytes: Called before the first byte leaves; called at once for services that apprise sends to.
    """
    import apprise

    # no deadline and no worker thread of apprise's own: a sending that it gives up would go on
    asset = apprise.AppriseAsset(
        app_id="incentives", async_mode=False, service_timeout=0, http_redirects=False
    )
    plugin: Any = apprise.Apprise.instantiate(channel.url, asset=asset)
    if plugin is None:
        return Attempt(Result.REFUSED, "apprise cannot read the address of this channel")
    if channel.scheme in REQUESTS:
        return send_http(plugin, channel.scheme, message, before_bytes)
    if channel.scheme in SCHEMES:
        return send_mail(plugin, message, before_bytes)
    return _notify(plugin, asset, channel, message, before_bytes)


def _notify(
    plugin: Any, asset: Any, channel: Channel, message: Message, before_bytes: BeforeBytes
) -> Attempt:
    """Send through apprise, which says yes or no: after a no nobody knows whether the message arrived."""
    import apprise

    plugin.retry = 0
    if channel.scheme in _WEBHOOKS:
        plugin.headers[IDEMPOTENCY_HEADER] = message.message_id
    title, body = (
        ("", f"{message.title}\n{message.body}") if channel.merges_title else (message.title, message.body)
    )
    sender = apprise.Apprise(asset=asset)
    sender.add(plugin)
    before_bytes()
    if sender.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT):
        return Attempt(Result.SENT)
    return Attempt(Result.UNKNOWN, "the service did not confirm it")
