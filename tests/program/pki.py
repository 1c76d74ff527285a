"""Certificates for the tests, made with the openssl command when they run."""

import os
import subprocess

CONFIG = """
[ca]
default_ca = tests
[tests]
new_certs_dir = {path}
database = {path}/index.txt
serial = {path}/serial
policy = any
default_md = sha256
unique_subject = no
email_in_dn = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""


class Pki:
    def __init__(self, path):
        self.path = path
        self.environment = dict(os.environ, OPENSSL_CONF=self.file("openssl.cnf"))
        with open(self.file("openssl.cnf"), "w") as config:
            config.write(CONFIG.format(path=path))
        open(self.file("index.txt"), "w").close()
        with open(self.file("serial"), "w") as serial:
            serial.write("1000\n")
        self.authority("root")
        self.authority("other")
        self.authority("intermediate", issuer="root")

    def file(self, name):
        return os.path.join(self.path, name)

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, env=self.environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout

    def key(self, name, kind="rsa"):
        options = ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"] if kind == "rsa" else ["EC", "-pkeyopt",
                                                                                      "ec_paramgen_curve:P-256"]
        self.openssl("genpkey", "-algorithm", *options, "-out", self.file(name + ".key"))

    def authority(self, name, issuer=None, kind="rsa"):
        self.issue(name, f"atls test {name}", issuer=issuer or name, kind=kind, extensions="basicConstraints=critical,CA:true")

    def issue(self, name, common_name, issuer="root", kind="rsa", names=(), start=None, end=None, extensions=None):
        """`start`, `end`: YYYYMMDDHHMMSSZ. Issued by itself if issuer is name."""
        self.key(name, kind)
        request = self.file(name + ".csr")
        extra = []
        if extensions:
            extra += ["-addext", extensions]
        if names:
            extra += ["-addext", "subjectAltName=" + ",".join(names)]
        self.openssl("req", "-new", "-key", self.file(name + ".key"), "-subj", "/CN=" + common_name, *extra, "-out", request)
        signer = ["-selfsign", "-keyfile", self.file(name + ".key")] if issuer == name else [
            "-cert", self.file(issuer + ".pem"), "-keyfile", self.file(issuer + ".key")]
        self.openssl("ca", "-batch", "-notext", "-in", request, *signer, "-startdate", start or "20200101000000Z",
                     "-enddate", end or "20400101000000Z", "-out", self.file(name + ".pem"))

    def bundle(self, name, password):
        """Certificate and key in one PKCS #12 file."""
        path = self.file(name + ".p12")
        self.openssl("pkcs12", "-export", "-in", self.file(name + ".pem"), "-inkey", self.file(name + ".key"), "-name", name,
                     "-out", path, "-passout", "pass:" + password)
        return path

    def content(self, name):
        with open(self.file(name), "rb") as file:
            return file.read()

    def chain(self, name, *files):
        with open(self.file(name), "wb") as out:
            for file in files:
                out.write(self.content(file))
        return self.file(name)
