#!/bin/sh
# What the host's mod_fcgid starts: one worker. Put it where .fcgi files run, mode 0755, not writable by
# others. Settings are in ~/.config/agnostic/agnostic.conf (mode 0600): AGNOSTIC_REDIS_URL, AGNOSTIC_API_KEY.
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
export HOME
program=$HOME/agnostic/bin/agnostic-api
[ -x "$program" ] || program=/usr/bin/agnostic-api
exec "$program" --workers 0
