"""An SMTP server of Debian (aiosmtpd) as a child process: in the clear, with TLS from the start, or with STARTTLS; with a login.

smtp_server.py PORT FOLDER CERTIFICATE KEY none|tls|starttls [USER PASSWORD [MECHANISM …]]
Each message becomes a file in FOLDER: a line of JSON with the envelope, then its octets as they came.
"""

import asyncio
import json
import os
import ssl
import sys

from servers import Server


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        del server
        self.count += 1
        facts = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                 "login": session.authenticated and session.auth_data.decode(), "hello": session.host_name}
        path = os.path.join(self.folder, str(self.count))
        with open(path + ".part", "wb") as file:
            file.write(json.dumps(facts).encode() + b"\n" + envelope.original_content)
        os.rename(path + ".part", path)
        return "250 message accepted"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        del server, session, rcpt_options
        if address.startswith("nobody@"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def serve(port, folder, certificate, key, security, user=None, password=None, *mechanisms):
    from aiosmtpd.smtp import SMTP, AuthResult  # pylint: disable=import-outside-toplevel

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)

    def login(server, session, envelope, mechanism, data):
        del server, session, envelope, mechanism
        good = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=False, auth_data=data.login)

    options = {"data_size_limit": 200_000_000, "require_starttls": security == "starttls"}
    if security == "starttls":
        options["tls_context"] = context
    if user:
        options |= {"authenticator": login, "auth_required": True, "auth_require_tls": security == "starttls"}
        if mechanisms:
            options["auth_exclude_mechanism"] = [m for m in ("PLAIN", "LOGIN") if m not in mechanisms]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    mailbox = Mailbox(folder)
    loop.run_until_complete(loop.create_server(lambda: SMTP(mailbox, loop=loop, **options), "127.0.0.1", int(port),
                                               ssl=context if security == "tls" else None))
    print("ready", flush=True)
    loop.run_forever()


class SmtpServer(Server):
    """The parent's side."""

    def __init__(self, pki, port, folder, security, *login):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        # Debian's own Python has the package.
        super().__init__(["/usr/bin/python3", "-B", os.path.abspath(__file__), str(port), folder, pki.file("server.pem"),
                          pki.file("server.key"), security, *login], port, ready=b"ready")

    def message(self, number):
        """The envelope and the octets of the message of that number."""
        with open(os.path.join(self.folder, str(number)), "rb") as file:
            facts = json.loads(file.readline())
            return facts, file.read()

    def messages(self):
        return len([name for name in os.listdir(self.folder) if not name.endswith(".part")])


if __name__ == "__main__":
    serve(*sys.argv[1:])
