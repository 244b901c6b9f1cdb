#!/bin/sh
# An agent in the role of junior-qa that works as long as the task's description says ("toil 0.2") and
# tells which attempt it was, so that a result can be traced to the claim that wrote it.
read -r task
seconds=${task#*'"description":"toil '}
seconds=${seconds%%'"'*}
attempt=${task#*'"attempt":'}
sleep "$seconds"
printf '{"v":1,"type":"result","status":"completed","summary":"attempt %s"}\n' "${attempt%%,*}"
