/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * selfcheck.h: bare counters beside two of the probes, on the same tracepoints,
 * to which events + lost + suppressed must be equal. Loaded only when asked for,
 * and attached before the probes: a counter reads `enabled` for both, and its
 * probe, which runs after it on the same event, goes by what it saw.
 */
#ifndef OSLET_SELFCHECK_H
#define OSLET_SELFCHECK_H

#include "log.h"

static __always_inline int count(u32 counter)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct oslet_log *log = bpf_map_lookup_elem(&logs, &cpu);

	if (!log || counter > OSLET_COUNTS_SWITCH)
		return 0;
	log->counting[counter] = log->enabled;
	if (!log->counting[counter])
		return 0;
	if (counter == OSLET_COUNTS_SWITCH)
		__sync_fetch_and_add(&log->counted_sched_switch, 1);
	else
		__sync_fetch_and_add(&log->counted_contention_begin, 1);
	return 0;
}

SEC("?tp_btf/contention_begin")
int BPF_PROG(count_contention_begin, void *lock, unsigned int flags)
{
	return count(OSLET_COUNTS_CONTENTION);
}

SEC("?tp_btf/sched_switch")
int BPF_PROG(count_sched_switch)
{
	return count(OSLET_COUNTS_SWITCH);
}

#endif
