#!/bin/sh
# Keeps one worker of the server running: it runs the given command, and runs it again each time it ends. The listening
# socket stays open in between, so requests wait. This is a shell script because a Python process would take 4 MB.
#
# The command gets --parent with this process's id, and --after with the exit code of the previous worker. Exit code 2
# means that the worker could not start and has said why, so another one could not start either.

worker=
stopping=
stop() {
	stopping=yes
	[ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null
}
trap stop TERM INT QUIT

after=
while [ -z "$stopping" ]; do
	began=$(date +%s)
	# shellcheck disable=SC2086 # $after is two words, or none for the first worker
	"$@" --parent $$ $after <&0 &
	worker=$!
	[ -z "$stopping" ] || stop # the signal came while this worker was being started
	while :; do # a signal also ends the wait
		wait "$worker" 2>/dev/null
		code=$?
		kill -0 "$worker" 2>/dev/null || break
	done
	worker=
	[ "$code" -ne 2 ] || exit 1
	after="--after $code"
	# A worker that ends at once is broken, so the next one waits a little.
	[ -n "$stopping" ] || [ $(($(date +%s) - began)) -gt 1 ] || sleep 1
done
