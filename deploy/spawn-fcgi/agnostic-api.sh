#!/bin/sh
# The web tier without systemd, for runit, daemontools, a container or a terminal: spawn-fcgi makes the
# socket and becomes this loop, which holds it on fd 0 while agnostic-api comes and goes. So a restart (TERM
# to agnostic-api) or a crash loses no request that waits. TERM to this script stops both.
#     spawn-fcgi -n -s /run/agnostic/api.sock -b 1024 -M 0660 -G www-data -- /path/to/agnostic-api.sh
exec 3<&0
child=
trap 'trap - TERM; [ -z "$child" ] || kill "$child"; wait; exit 0' TERM INT
while :; do
    agnostic-api --workers "${WORKERS:-4}" <&3 3<&- &
    child=$!
    wait "$child"
    sleep 0.2
done
