#!/bin/sh
# What mod_fcgid starts: one worker. Executable, and not writable by others. Installing fills in the place of
# the program; its settings are in agnostic.conf beside it, outside of what the web server shows.
exec /usr/bin/agnostic-api --workers 0
