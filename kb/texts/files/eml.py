"""Mail (EML): its subject, sender and day, then its body, the plain part before the HTML one. Attachments are named, not read."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage

from kb.texts.files import html, text
from kb.texts.files.guard import Unreadable, bounded
from kb.texts.files.layout import FURNITURE, PLAIN, Extraction, Sheet

_HEADERS = ("From", "To", "Date", "Subject")


def extract(data: bytes) -> Extraction:
    """The text of a message. Raises ``Unreadable`` when it has no body that is text."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(("plain", "html"))
        words = part.get_payload(decode=True) if part is not None else None
        attached = [each.get_filename() or each.get_content_type() for each in message.iter_attachments()]
    except (MessageError, LookupError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(f"le message est endommagé ({type(error).__name__})") from None
    if part is None or not isinstance(words, bytes) or not words.strip():
        raise Unreadable("le message n'a pas de corps en texte")
    sheet = Sheet("element")
    for name in _HEADERS:
        value = message.get(name)
        if value:
            sheet.put(f"{name}: {' '.join(str(value).split())}", FURNITURE, end="\n")
    sheet.space("\n")
    if part.get_content_type() == "text/html":
        body = html.extract(words)
        for start, end, role in body.layout.spans(len(body.text)):
            sheet.put(body.text[start:end].strip("\n"), role)
    else:
        for block in text.extract(words).text.split("\n\n"):
            sheet.put(block.strip("\n"), PLAIN)
    bounded(sheet.length)
    remarks = [f"pièces jointes non lues : {', '.join(attached[:10])}"] if attached else []
    return sheet.done(remarks)
