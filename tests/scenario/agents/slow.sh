#!/bin/sh
# An agent in the role of junior-qa that takes as long as the task's description says: "sleep 2".
read -r task
seconds=$(printf '%s' "$task" | sed -n 's/.*"description" *: *"sleep \([0-9.]*\)".*/\1/p')
sleep "${seconds:-0}"
printf '{"v":1,"type":"result","status":"completed","summary":"slept %s s"}\n' "${seconds:-0}"
