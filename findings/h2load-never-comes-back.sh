#!/usr/bin/env bash
# h2load, HTTP/1.1: a client whose connection is dropped once never comes back. -D counts no error, -n hundreds.
#
# Guess:    a connection that is closed instead of an answer is one errored request, with -n and -D alike; the client
#           connects again.
# Versions: h2load (nghttp2) 1.52.0 (Debian 12).
# Seen:     a server that closes the connection instead of every 50th answer, ten clients. -D 3: all ten are gone after
#           500 requests, a fraction of a second; h2load waits for the rest of the 3 s and says 490 requests, "0 failed,
#           0 errored", 163 a second, where the server without drops gets thousands. -n 1000: what a client that is gone
#           had still to send is errored: 9 drops, some 550 errors. Exit code 0, as it is if nobody listens. A client whose
#           connection ends after an answer ("Connection: close") does connect again.
# Matters:  a build that loses one connection in a while seems slow by -D, with no reason told, and broken by -n; both
#           figures say how early it happened. Compare the number of requests with what the server has served.

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

# A server of one thread that closes the connection instead of every so-manieth answer, and keeps count of that.
cat >server.py <<'END'
import asyncio, sys

every = int(sys.argv[1])
asked = 0

async def serve(reader, writer):
    global asked
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            asked += 1
            if every and asked % every == 0:
                with open("drops", "a") as drops:
                    drops.write("one\n")
                break
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
END
# load LOG EVERY OPTION...: one run against a new server; sets drops
load() {
	rm -f port drops
	python3 server.py "$2" >port &
	server=$!
	until [ -s port ]; do sleep 0.1; done
	h2load --h1 -c 10 "${@:3}" "http://127.0.0.1:$(cat port)/" >"$1" || changed "an exit code of $?"
	kill "$server"
	wait "$server" || true
	server=
	drops=0
	[ ! -e drops ] || drops=$(wc -l <drops)
}
# of WORD LOG: the number before it in the line of requests
of() { sed -n "s/^requests:.* \([0-9]*\) $1.*/\1/p" "$2"; }

deb h2load nghttp2-client=1.52.0-1+deb12u3 libev4 libjemalloc2 libc-ares2

load whole.log 0 -n 1000
[ "$(of succeeded whole.log)" = 1000 ] || changed "without drops $(of succeeded whole.log)"
load undropped.log 0 -D 3
[ "$(of "done" undropped.log)" -gt 2500 ] || changed "-D 3 without drops: $(of "done" undropped.log)"
load timed.log 50 -D 3
timed=$drops
[ "$timed" = 10 ] || changed "-D 3: $timed drops of ten clients"
[ "$(of "done" timed.log)" -lt 500 ] || changed "-D 3: $(of "done" timed.log) requests are done"
[ "$(of errored timed.log)$(of failed timed.log)" = 00 ] || changed "-D counts $(of errored timed.log) errors"
load counted.log 50 -n 1000
[ "$drops" -le 10 ] || changed "-n: $drops drops"
[ "$(of errored counted.log)" -gt $((drops * 10)) ] || changed "-n: $drops drops, $(of errored counted.log) errors"
echo "-D 3: $(of "done" undropped.log) requests without drops, $(of "done" timed.log) with $timed, 0 errored; -n 1000: $drops drops, $(of errored counted.log) errored"
