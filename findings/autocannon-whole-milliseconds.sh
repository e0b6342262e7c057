#!/usr/bin/env bash
# autocannon cuts latencies to whole milliseconds: half of all requests took 0 ms, the fastest 1 ms.
#
# Guess:    percentiles have the resolution of its clock, as those of wrk and hey.
# Versions: autocannon 8.0.0 from npm, Node.js 18 or newer.
# Seen:     `autocannon -j` against a server on the same machine: p50 0, p90 0 or a few, min 1, though min is not
#           above p50 in any real distribution: it is the smallest value that is not 0. All percentiles are whole
#           numbers. With nobody listening: exit code 0, errors in the report, p50 0 as for the fast server.
# Matters:  two builds of a fast service cannot be told apart by these numbers, a broken one has the best of them,
#           and 1 ms against 0 ms may be a difference of a microsecond. Use requests a second, and check errors.

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

command -v npm >tool.log || {
	echo "skipped: no npm"
	exit 77
}
npm install --silent --no-fund --no-audit autocannon@8.0.0 >npm.log 2>&1 || {
	echo "skipped: autocannon cannot be installed"
	exit 77
}
# field NAME FILE: a number of the report
field() { node -p "JSON.parse(require('fs').readFileSync('$2')).$1"; }
fire() { npx autocannon -j -c 2 -d 2 "$url" 2>fire.log; }

start 0 0
fire >alive.json
[ "$(field errors alive.json)" = 0 ] || changed "errors"
[ "$(field latency.p50 alive.json)" -lt "$(field latency.min alive.json)" ] ||
	changed "p50 $(field latency.p50 alive.json), min $(field latency.min alive.json)"
for p in p1 p10 p25 p50 p75 p90 p99 p99_9 max; do
	case $(field latency.$p alive.json) in
	*[!0-9]*) changed "$p is no whole number: $(field latency.$p alive.json)" ;;
	esac
done
kill "$server"
wait "$server" || true
server=
fire >dead.json || changed "an exit code of $?"
[ "$(field errors dead.json)" -gt 0 ] || changed "no errors"
[ "$(field latency.p50 dead.json)" = 0 ] || changed "p50 of a dead server"
echo "alive: p50 $(field latency.p50 alive.json), min $(field latency.min alive.json) ms; dead: p50 0 ms, exit code 0"
