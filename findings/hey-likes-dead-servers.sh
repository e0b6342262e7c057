#!/usr/bin/env bash
# hey measures a dead server as the fastest, and exits with 0.
#
# Guess:    a load generator that reaches nobody fails, or prints 0 requests a second; -n 100 sends 100.
# Versions: hey 0.1.4 (Debian 12: 0.1.4-2+b4).
# Seen:     nobody listens: exit code 0, 2,233 requests a second, while a server that answers in 20 ms
#           gets 385; the only trace is a list of errors at the end, and averages are NaN. -n 100 -c 30
#           sends 90: what does not divide by -c is dropped without a word.
# Matters:  a build that crashes under load wins the comparison if a script reads Requests/sec. Count the [200]
#           responses instead, and compare them with what was asked for.

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

# A server of one thread that answers "ok" and can be told to be slow.
cat >server.py <<'END'
import asyncio, sys, time

every, stall_at = float(sys.argv[1]), int(sys.argv[2])
served = 0

async def serve(reader, writer):
    global served
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            served += 1
            if served == stall_at:
                time.sleep(1)
            if every:
                await asyncio.sleep(every)
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
# start DELAY STALL_AT: sets url
start() {
	python3 server.py "$1" "$2" >port &
	server=$!
	until [ -s port ]; do sleep 0.1; done
	url=http://127.0.0.1:$(cat port)/
}

deb hey hey=0.1.4-2+b4

rate() { sed -n 's/^ *Requests\/sec:\s*\([0-9]*\).*/\1/p' "$1"; }
answers() { sed -n 's/^ *\[200\]\s*\([0-9]*\) responses/\1/p' "$1"; }

start 0.02 0
hey -n 100 -c 30 "$url" >uneven.log
[ "$(answers uneven.log)" = 90 ] || changed "-n 100 -c 30: $(answers uneven.log) answers"
hey -n 200 -c 10 "$url" >alive.log
kill "$server"
wait "$server" || true
server=
hey -n 200 -c 10 "$url" >dead.log || changed "an exit code of $?"
[ -z "$(answers dead.log)" ] || changed "somebody answers"
grep -q 'Average:.*NaN' dead.log || changed "another average"
[ "$(rate dead.log)" -gt "$(rate alive.log)" ] || changed "dead $(rate dead.log), alive $(rate alive.log)"
echo "requests a second: alive $(rate alive.log), dead $(rate dead.log), exit code 0"
