"""The mail that modems of both families send, and what must have become of it."""

import base64
import re

from modem import check

PASSWORD = "open-sesame-42"
SUBJECT = "Grüße"
TEXT = b"A text of some lines,\n.one of which begins with a dot\n..and one with two,\nand \xc3\xbcmlauts.\n"


def lines_of(octets):
    """Base64 as MIME has it."""
    text = base64.b64encode(octets)
    return b"".join(text[at:at + 76] + b"\r\n" for at in range(0, len(text), 76))


def expected_mail(attachment):
    """As a pattern: date and number are the module's own."""
    boundary = b"=_atls_part_boundary"
    parts = [b"Date: @DATE@\r\nMessage-ID: <@ID@>\r\nFrom: \"A Module\" <module@a.example>\r\nTo: <one@b.example>,\r\n <two@b.example>\r\n"
             b"Cc: <three@b.example>\r\nSubject: =?UTF-8?B?", base64.b64encode(SUBJECT.encode()), b"?=\r\nMIME-Version: 1.0\r\n",
             b'Content-Type: multipart/mixed; boundary="', boundary, b'"\r\n\r\n--', boundary,
             b"\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", lines_of(TEXT), b"--", boundary,
             b"\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
             b'Content-Disposition: attachment; filename="picture.bin"\r\n\r\n', lines_of(attachment), b"--", boundary, b"--\r\n"]
    pattern = re.escape(b"".join(parts))
    return pattern.replace(b"@DATE@", rb"\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}").replace(b"@ID@", rb"[^\r\n]+")


def check_arrived(server, what, attachment, hello, security):
    facts, octets = server.message(1)
    check(facts["to"] == ["one@b.example", "two@b.example", "three@b.example", "hidden@b.example"], str(facts))
    check(facts["from"] == "module@a.example" and facts["login"] == "me", str(facts))
    # The server says so of STARTTLS only; where TLS is there from the start there is nothing else.
    check(facts["tls"] == (security == "starttls") and facts["hello"] == hello, str(facts))
    check(re.fullmatch(expected_mail(attachment), octets), f"{what}: another message: {octets[:1500]!r}")


def forms_of_password():
    """As typed, and as either kind of AUTH would show it."""
    return PASSWORD, base64.b64encode(PASSWORD.encode()).decode(), base64.b64encode(f"\0me\0{PASSWORD}".encode()).decode()
