#!/bin/sh
# An agent in twenty lines. The task is one line of JSON on stdin; what is found goes to
# stdout as lines of JSON; stderr is for people. Try it by hand:
#   echo '{"v":1,"type":"task","title":"Try","target":null}' | ./hello.sh
read -r task

say() { printf '{"v":1,%s}\n' "$1"; }

say '"type":"hello","name":"hello","version":"1.0"'
say '"type":"progress","done":0,"total":1,"phase":"reading the task"'

case "$task" in
*'"standards":[]'*)
    say '"type":"check","id":"HELLO-01","status":"failed"'
    say '"type":"finding","check_id":"HELLO-01","title":"The task names no standard","severity":"low","component":"task"'
    ;;
*) say '"type":"check","id":"HELLO-01","status":"passed"' ;;
esac

say '"type":"result","status":"completed","summary":"The task was read."'
