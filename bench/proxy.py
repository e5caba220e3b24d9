"""Runs a real nginx in front of one or several servers, as in docs/hosting.md, but without the certificate."""

import http.client
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port

# `{client}` is what nginx tells of the client's address, `{scheme}` how it says it was reached.
CONFIGURATION = """
worker_processes 1;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_max_body_size 12m;
  client_header_timeout 20s; client_body_timeout 20s; send_timeout 20s;
  upstream engage {{ {upstream} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://engage;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For {client};
      proxy_set_header X-Forwarded-Proto {scheme};
    }}
  }}
}}
"""


@contextmanager
def nginx(*to: int, client: str = "$remote_addr", scheme: str = "https", host: str = "") -> Iterator[int]:
    """Yields its port, and stops it by its process id. Of several servers each request goes to the next.

    `host` is the site it is asked for, to see whether it answers.
    """
    folder, port = Path(tempfile.mkdtemp(prefix="engage-nginx-")), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    upstream = " ".join(f"server 127.0.0.1:{each};" for each in to)
    settings = {"client": client, "scheme": scheme, "user": user, "upstream": upstream}
    (folder / "conf").write_text(CONFIGURATION.format(folder=folder, port=port, **settings))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", folder / "conf", "-p", folder, "-g", "daemon off;"])
    try:
        _wait(port, process, host or f"127.0.0.1:{port}")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder)


def _wait(port: int, process: subprocess.Popen[bytes], host: str) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz", headers={"Host": host})
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("nginx did not start")
