/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * trigger.h: marks in the log where a wait or an IPI took longer than asked for.
 * The recorder finds them when it drains, and then stops or writes a snapshot.
 *
 * The thresholds (of waits: log.h) are constants set before loading; without one,
 * nothing of this is in the programs.
 */
#ifndef OSLET_TRIGGER_H
#define OSLET_TRIGGER_H

#include "wait.h"

const volatile u64 trigger_ipi_ns = 0;		/* from csd_queue_cpu to csd_function_entry */

struct flight {
	u64 csd;
	u64 queued_ns;
};

/* A csd is queued once at a time; two that meet in one place leave the younger. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << WAIT_SHIFT);
	__type(key, u32);
	__type(value, struct flight);
} flights SEC(".maps");

static __always_inline struct flight *flight_of(u64 csd)
{
	u32 place = (csd * GOLDEN) >> (64 - WAIT_SHIFT);

	return bpf_map_lookup_elem(&flights, &place);
}

static __always_inline void flight_begins(u64 csd)
{
	struct flight *flight;

	if (!trigger_ipi_ns)
		return;
	flight = flight_of(csd);
	if (!flight)
		return;
	flight->queued_ns = bpf_ktime_get_ns();
	flight->csd = csd;
}

static __always_inline void flight_ends(u64 csd, u64 function)
{
	struct flight *flight;
	u64 latency;

	if (!trigger_ipi_ns || !csd)
		return;
	flight = flight_of(csd);
	if (!flight || flight->csd != csd)
		return;
	flight->csd = 0;
	latency = bpf_ktime_get_ns() - flight->queued_ns;
	if ((s64)latency > (s64)trigger_ipi_ns)
		record(OSLET_TRIGGER, 5, OSLET_CAUSE_IPI, csd, latency, function);
}

/* Under the guard, behind the record of the wait's end. */
static __always_inline void wait_ended(struct oslet_log *log, u64 task, u64 now,
				       struct oslet_wait *wait)
{
	u64 *w;

	if (!trigger_wait_ns || now - wait->begin_ns <= trigger_wait_ns)
		return;
	w = room(log, 40);
	if (!w) {
		missed(OSLET_TRIGGER, 0);
		return;
	}
	w[0] = now << OSLET_TIME_SHIFT | OSLET_TRIGGER;
	w[1] = task << 32 | OSLET_CAUSE_WAIT;
	w[2] = wait->lock;
	w[3] = now - wait->begin_ns;
	w[4] = 0;
	append(log, 40);
}

#endif
