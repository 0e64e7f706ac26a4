#!/bin/sh
# trace_cmd.sh ARGUMENTS: runs trace-cmd where root lacks CAP_SYS_RESOURCE. It resets a few files of
# tracefs and one sysctl that it may not write there, and gives up; in a mount namespace of its own they
# are covered by plain files first. Where they can be written nothing is covered.
if [ -z "$TRACE_CMD_APART" ]; then TRACE_CMD_APART=1 exec unshare -m "$0" "$@"; fi
cover=$(mktemp -d)
mount -t tmpfs none "$cover"
echo 1 >"$cover/ftrace_enabled"
mount --bind "$cover/ftrace_enabled" /proc/sys/kernel/ftrace_enabled
for name in set_ftrace_filter set_ftrace_notrace set_graph_function set_graph_notrace set_ftrace_pid \
	set_ftrace_notrace_pid; do
	for file in /sys/kernel/tracing/$name /sys/kernel/debug/tracing/$name; do
		[ ! -e $file ] || true 2>/dev/null >$file || { : >"$cover/$name"; mount --bind "$cover/$name" $file; }
	done
done
umount -l "$cover"
rmdir "$cover" 2>/dev/null
exec trace-cmd "$@"
