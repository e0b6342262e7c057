#!/usr/bin/env bash
# siege asked for one page fetches its images and styles, too, counts all of them, and asks for compressed answers.
#
# Guess:    a load generator sends the requests that it was told to: -c 1 -r 5 URL are five of them.
# Versions: siege 4.0.7 (Debian 12).
# Seen:     a page that names a style sheet and an image: 15 transactions instead of 5. All are counted alike, in the rate and
#           the times. Each asks for gzip or deflate, which wrk, ab and hey do not by default, and each opens a
#           connection of its own. The settings come from ~/.siege/siege.conf, which the first run writes.
# Matters:  its transactions a second are neither pages nor what another generator measures: small files lift the rate, the
#           server's compression lowers it. --no-parser makes five of them again; a file by -R keeps settings of the
#           home out of a comparison.

set -euo pipefail

work=$(mktemp -d)
cleanup() {
	[ -z "${server:-}" ] || kill "$server" || true
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"

changed() {
	echo "changed: $*"
	exit 1
}

# deb TOOL PACKAGE=VERSION...: the Debian 12 packages, unpacked here, if the tool is not installed
deb() {
	command -v "$1" >tool.log && return
	local package
	for package in "${@:2}"; do
		apt-get -qq download "$package" >>apt.log 2>&1 ||
			apt-get -qq download "${package%%=*}" >>apt.log 2>&1 || {
			echo "skipped: no $package"
			exit 77
		}
	done
	for package in ./*.deb; do
		dpkg-deb -x "$package" root
	done
	export PATH=$work/root/usr/bin:$PATH
	export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
}

deb siege siege=4.0.7-1+b1
export HOME=$work

cat >server.py <<'END'
import asyncio

PAGE = b'<html><head><link rel="stylesheet" href="/a.css"></head><body><img src="/b.png"></body></html>'
log = open("requests", "wb")

async def serve(reader, writer):
    request = await reader.readuntil(b"\r\n\r\n")
    log.write(request)
    log.flush()
    page = request.startswith(b"GET / ")
    body, kind = (PAGE, b"text/html") if page else (b"ok", b"text/plain")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body))
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
END
python3 server.py >port &
server=$!
until [ -s port ]; do sleep 0.1; done
url=http://127.0.0.1:$(cat port)/

# transactions OPTION...
transactions() {
	: >requests
	timeout 60 siege "$@" -b -c 1 -r 5 "$url" >siege.log 2>&1 || changed "exit $?"
	sed -n 's/.*"transactions":[^0-9]*\([0-9]*\).*/\1/p' siege.log
}
parsed=$(transactions)
[ "$parsed" = 15 ] || changed "$parsed transactions"
[ "$(grep -ac '^GET /b.png' requests)" = 5 ] || changed "the image was not asked for"
[ "$(grep -aic '^Accept-Encoding: gzip' requests)" = 15 ] || changed "not all ask for gzip"
plain=$(transactions --no-parser)
[ "$plain" = 5 ] || changed "$plain transactions with --no-parser"
echo "siege -c 1 -r 5: $parsed transactions, with --no-parser $plain"
