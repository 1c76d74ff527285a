"""What several of the tests start from: certificates, folders, an LTE module that holds the certificates."""

import os

from modem import Atls
from pki import Pki

TRUSTING, MUTUAL, STRANGER = 1, 2, 3


class Bench:
    """A PKI with a server of that name, a client, and an authority that vouches for neither."""

    def __init__(self, path, server, names=("IP:127.0.0.1",)):
        self.path = path
        self.pki = Pki(path)
        self.pki.issue("server", server, names=names)
        self.pki.issue("client", "modem")
        self.pki.authority("stranger")

    def folder(self, name):
        made = os.path.join(self.path, name)
        os.makedirs(made, exist_ok=True)
        return made


class LteModem(Atls):
    """Its SSL contexts: TRUSTING knows our authority, MUTUAL has a certificate besides, STRANGER knows another authority."""

    def __init__(self, bench, module="BG96", storage="memory", options=()):
        super().__init__({"uart1": "tcp:127.0.0.1:0"}, *options, module=module, storage=storage, log_level="debug")
        self.at = self.host("uart1")
        self.at.ok("ATE0")
        for file, content in (("ca.pem", "root.pem"), ("other.pem", "stranger.pem"), ("cc.pem", "client.pem"),
                              ("ck.pem", "client.key")):
            self.at.upload(file, bench.pki.content(content))
        for context, trusted in ((TRUSTING, "ca.pem"), (MUTUAL, "ca.pem"), (STRANGER, "other.pem")):
            self.at.ok(f'AT+QSSLCFG="cacert",{context},"{trusted}"')
            self.at.ok(f'AT+QSSLCFG="seclevel",{context},{2 if context == MUTUAL else 1}')
        self.at.ok(f'AT+QSSLCFG="clientcert",{MUTUAL},"cc.pem"')
        self.at.ok(f'AT+QSSLCFG="clientkey",{MUTUAL},"ck.pem"')
