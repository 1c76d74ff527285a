"""nginx as a child process, with what the tests of HTTP need: plain, with TLS, with TLS that demands a client's certificate."""

import os
import random
import subprocess

from modem import free_port
from servers import Server

LARGE = 20 * 1024 * 1024

CONFIG = """
daemon off;
master_process off;
pid {path}/nginx.pid;
error_log {path}/error.log;
events {{}}
http {{
  access_log {path}/access.log;
  client_body_temp_path {path}/bodies;
  proxy_temp_path {path}/proxied;
  fastcgi_temp_path {path}/fastcgi;
  uwsgi_temp_path {path}/uwsgi;
  scgi_temp_path {path}/scgi;
  client_max_body_size 200m;
  # A client that does not read for so long is reset.
  send_timeout {send_timeout}s;
  reset_timedout_connection on;
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2;
  ssl_ciphers ALL:@SECLEVEL=0;
  types {{ }}
  default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{tls} ssl;
    include {path}/locations.conf;
  }}
  server {{
    listen 127.0.0.1:{mutual} ssl;
    ssl_client_certificate {clients};
    ssl_verify_client on;
    include {path}/locations.conf;
  }}
}}
"""

LOCATIONS = """
root {path}/www;
location / {{ }}
# A filter that may change its length: the body goes in chunks.
location /chunked/ {{
  alias {path}/www/;
  sub_filter_types *;
  sub_filter_once off;
  sub_filter 'no such text' '';
}}
location /moved {{ return 302 $scheme://127.0.0.1:$server_port/small.txt; }}
location /moved-relative {{ absolute_redirect off; return 302 /small.txt; }}
location /whoami {{ return 200 "$ssl_client_s_dn\\n"; }}
location /slow {{ limit_rate 65536; alias {path}/www/large.bin; }}
location /upload/ {{ dav_methods PUT; client_body_in_single_buffer on; alias {path}/uploads/; }}
location /posted {{
  client_body_in_file_only on;
  proxy_pass http://127.0.0.1:{plain}/accepted;
  proxy_method GET;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header X-Body-File $request_body_file;
  proxy_set_header X-Type $content_type;
}}
location /accepted {{ return 201 "$http_x_body_file $http_x_type\\n"; }}
"""


class Nginx(Server):
    """Serves small.txt, large.bin and what else is put into www."""

    def __init__(self, pki, path, send_timeout=60):
        self.path = path
        for folder in ("www", "uploads"):
            os.makedirs(os.path.join(path, folder), exist_ok=True)
        self.small = b"a small text\n"
        self.large = random.Random(20).randbytes(LARGE)
        for name, content in (("small.txt", self.small), ("large.bin", self.large)):
            with open(os.path.join(path, "www", name), "wb") as file:
                file.write(content)
        self.plain, self.tls, self.mutual = free_port(), free_port(), free_port()
        config = CONFIG.format(path=path, plain=self.plain, tls=self.tls, mutual=self.mutual, send_timeout=send_timeout,
                               certificate=pki.file("server.pem"), key=pki.file("server.key"), clients=pki.file("root.pem"))
        for name, text in (("nginx.conf", config), ("locations.conf", LOCATIONS.format(path=path, plain=self.plain))):
            with open(os.path.join(path, name), "w") as file:
                file.write(text)
        # Started by root it would become another user, who may not see the files.
        user = ["-g", "user root;"] if os.getuid() == 0 else []
        super().__init__([nginx(), "-e", os.path.join(path, "error.log"), "-p", path, "-c", "nginx.conf", *user], self.plain)

    def errors(self):
        with open(os.path.join(self.path, "error.log")) as file:
            return file.read()


def nginx():
    for place in ("/usr/sbin/nginx", "/usr/local/sbin/nginx"):
        if os.path.exists(place):
            return place
    return subprocess.run(["which", "nginx"], capture_output=True, text=True, check=True).stdout.strip()
