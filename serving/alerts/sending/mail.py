"""Alerts by mail: one SMTP session per message, with one deadline."""

import contextlib
import smtplib
import ssl
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import Any

from serving.alerts.model import Message
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.sending.wire import BeforeBytes, Deadline

SCHEMES = frozenset({"mailto", "mailtos"})
_POLICY = policy.SMTP.clone(cte_type="7bit")
_TURNS = 8
"""Answers that a session waits for: the deadline is the time of one connection and of so many reads."""


def send_mail(plugin: Any, message: Message, before_bytes: BeforeBytes) -> Attempt:
    """Send a message to the recipients of a channel.

    Args:
        plugin: The address of the channel as apprise read it.
        message: The message.
        before_bytes: Called before the first byte of the message leaves.
    """
    seconds = plugin.socket_connect_timeout + _TURNS * plugin.socket_read_timeout
    has_left = False

    def leave() -> None:
        nonlocal has_left
        has_left = True
        before_bytes()

    with Deadline(seconds) as deadline:
        try:
            session = _open(plugin, deadline)
        except (OSError, smtplib.SMTPException, ValueError):
            return Attempt(Result.REFUSED, "cannot be reached")
        try:
            return _deliver(session, plugin, message, leave, deadline)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if has_left:
                return Attempt(Result.UNKNOWN, "was sent, but the answer is missing")
            return Attempt(Result.REFUSED, _reason(error))
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException, ValueError):
                session.close()


class _Session(smtplib.SMTP):
    """A session that connects after it is made, so that a deadline can hold its socket from the start."""

    def __init__(self, host: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._host = host  # the name in the certificate; only a constructor that connects at once sets it


class _TlsSession(smtplib.SMTP_SSL):
    """The same over TLS."""

    def __init__(self, host: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(timeout=timeout, context=context)
        self._host = host


def _open(plugin: Any, deadline: Deadline) -> smtplib.SMTP:
    timeout = min(plugin.socket_connect_timeout, deadline.left)
    session: smtplib.SMTP = (
        _TlsSession(plugin.smtp_host, timeout, _context(plugin))
        if plugin.secure and plugin.secure_mode == "ssl"
        else _Session(plugin.smtp_host, timeout)
    )
    deadline.watch(lambda: session.sock)
    code, text = session.connect(plugin.smtp_host, plugin.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, text)
    return session


def _context(plugin: Any) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not plugin.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _deliver(
    session: smtplib.SMTP, plugin: Any, message: Message, leave: BeforeBytes, deadline: Deadline
) -> Attempt:
    if session.sock is not None:
        session.sock.settimeout(deadline.left)
    if plugin.secure and plugin.secure_mode == "starttls":
        session.starttls(context=_context(plugin))
    session.ehlo_or_helo_if_needed()
    if plugin.user and plugin.password:
        session.login(plugin.user, plugin.password)
    mail = document(plugin, message)
    recipients = _recipients(plugin)
    code, _ = session.mail(plugin.from_addr[1])
    if code >= 400:
        return Attempt(Result.REFUSED, f"SMTP {code}")
    codes = [session.rcpt(address)[0] for address in recipients]
    refused = [code for code in codes if code >= 400]
    if len(refused) == len(codes):
        return Attempt(Result.REFUSED, f"SMTP {max(refused, default=0)} for every recipient")
    leave()
    try:
        code, _ = session.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:
        return Attempt(Result.REFUSED, f"SMTP {error.smtp_code}")
    if code >= 400:
        return Attempt(Result.REFUSED, f"SMTP {code}")
    if refused:
        return Attempt(Result.UNKNOWN, "some of its recipients took it, others did not")
    return Attempt(Result.SENT)


def document(plugin: Any, message: Message) -> EmailMessage:
    """The mail of a message."""
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = formataddr((plugin.from_addr[0] or "", plugin.from_addr[1]))
    mail["To"] = ", ".join(formataddr((name or "", address)) for name, address in plugin.targets)
    if plugin.cc:
        mail["Cc"] = ", ".join(formataddr((plugin.names.get(one) or "", one)) for one in sorted(plugin.cc))
    if plugin.reply_to:
        mail["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    mail["Date"] = formatdate()
    # the same message has the same id however often it is sent
    mail["Message-ID"] = f"<{message.message_id}@{make_msgid(domain=plugin.smtp_host).rpartition('@')[2]}"
    mail.set_content(message.body)
    return mail


def _recipients(plugin: Any) -> list[str]:
    addresses = [address for _, address in plugin.targets]
    return list(dict.fromkeys([*addresses, *sorted(plugin.cc), *sorted(plugin.bcc)]))


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code}"
    return "the session ended before the message was sent"
