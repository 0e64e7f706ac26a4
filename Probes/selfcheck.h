/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * selfcheck.h: bare counters beside two of the probes, on the same tracepoints,
 * to which events + lost + suppressed must be equal. Loaded only when asked for.
 *
 * Counter and probe must find the log enabled, or not, at the very same events, so
 * the recorder changes that for each CPU from a thread on that CPU. Programs of a
 * tracepoint run one after the other with preemption off: while a thread runs in
 * user space, no event of its CPU is between the two.
 */
#ifndef OSLET_SELFCHECK_H
#define OSLET_SELFCHECK_H

#include "log.h"

SEC("?tp_btf/contention_begin")
int BPF_PROG(count_contention_begin, void *lock, unsigned int flags)
{
	struct oslet_log *log = enabled_log();

	if (log)
		__sync_fetch_and_add(&log->counted_contention_begin, 1);
	return 0;
}

SEC("?tp_btf/sched_switch")
int BPF_PROG(count_sched_switch)
{
	struct oslet_log *log = enabled_log();

	if (log)
		__sync_fetch_and_add(&log->counted_sched_switch, 1);
	return 0;
}

#endif
