#!/bin/sh
# Exit code 0: the tunnel is alive. WireGuard renews its keys every two minutes and gives a session up after three, so an
# older handshake means that nobody answers; and something must have come out of the tunnel that was no handshake.
set -eu

oldest=190
seen=${TUNNEL_SEEN:-/run/nordlynx.received}

handshake=$(wg show wg0 latest-handshakes | cut -f2)
if [ "${handshake:-0}" -eq 0 ]; then
    echo "the VPN's server has not answered yet"
    exit 1
fi
age=$(($(date +%s) - handshake))
# By a clock that was set back, a dead tunnel would look alive for as long.
if [ "$age" -lt -1 ]; then
    echo "the VPN's server has not answered since the clock was set back"
    exit 1
fi
if [ "$age" -gt "$oldest" ]; then
    echo "the VPN's server has not answered for $age seconds"
    exit 1
fi

# A thousand bytes are more than handshakes come to between two looks.
received=$(wg show wg0 transfer | cut -f2)
before=$(cat "$seen" 2>/dev/null || echo 0)
echo "$received" >"$seen"
if [ "$((received - before))" -gt 1000 ]; then exit 0; fi

# Nothing came by itself: ask something. The resolvers are those of the VPN, so the answer comes through the tunnel.
if timeout 8 getent ahostsv4 nordvpn.com >/dev/null; then exit 0; fi
echo "nothing comes through the tunnel"
exit 1
