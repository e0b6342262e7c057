#!/usr/bin/env python3
"""Serves a folder, asks for everything in it again and again, and stops the server.

Usage: serve.py REQUESTS FOLDER SERVER [OPTION...]

Prints a hash of all answers. The server is told to stop by SIGINT, so that it ends by itself: a
profile is only written at exit. SERVER may be several words (valgrind before a program)."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import quote


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def connect(port, server):
    end = time.time() + 60
    while time.time() < end and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.01)
    sys.exit("serve.py: the server does not answer")


def main():
    requests, folder, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    names = sorted(os.listdir(folder))
    paths = ["/", "/?sort=size&order=desc", *("/" + quote(n) for n in names)]
    port = free_port()
    argv = [*command, "--interfaces", "127.0.0.1", "--port", str(port), folder]
    server = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    digest = hashlib.sha256()
    try:
        connection = connect(port, server)
        for n in range(requests):
            # Every second request is for a listing.
            connection.request("GET", paths[n % 2] if n % 2 else paths[n // 2 % len(paths)])
            answer = connection.getresponse()
            body = answer.read()
            digest.update(str(answer.status).encode() + body.replace(str(port).encode(), b"PORT"))
        connection.close()
    finally:
        server.send_signal(signal.SIGINT)
        try:
            code = server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            code = server.wait()
    print(digest.hexdigest(), code)
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main())
