#!/bin/sh
# The first process of the container "nordlynx": the near end of the tunnel, and the network of whoever shares it.
# It is told everything in files; it asks nobody, needs no name, and lets nothing out but what is in the tunnel.
# SIGHUP: take the settings anew, for instance another server. Whoever shares the network stays in it.
set -eu

conf=${TUNNEL_CONF:-/tunnel/wg0.conf}
address=${TUNNEL_ADDRESS:-10.5.0.2/32}

# The way to the VPN's server is the only one that is left of Docker's default route.
read -r _ _ gateway _ device _ <<WAY
$(ip -4 route show default)
WAY
ip -4 route del default

# A kernel without WireGuard can be helped by the program, where there is one.
ip link add wg0 type wireguard 2>/dev/null || wireguard-go wg0
ip address add "$address" dev wg0
ip link set wg0 mtu 1420 up
# The pages of programs are for the near side: nothing answers those who come through the tunnel. 6 is TCP: a container
# need not have a list of such names.
ip rule add from "${address%/*}" ipproto 6 sport 8080 blackhole

server=
tune() {
    next=$(sed -n 's/^Endpoint *= *\([0-9.]*\):.*/\1/p' "$conf")
    if [ "$next" != "$server" ]; then
        ip -4 route replace "$next/32" via "$gateway" dev "$device"
        if [ -n "$server" ]; then ip -4 route del "$server/32"; fi
        server=$next
    fi
    # Forgets the session before as well, so that the next packet begins a new one.
    wg setconf wg0 "$conf"
    ip -4 route replace default dev wg0
    echo "the tunnel leads to $server"
}
tune

trap 'exit 0' TERM INT
trap tune HUP
while :; do
    sleep 60 &
    wait "$!" || kill "$!" 2>/dev/null || true
done
