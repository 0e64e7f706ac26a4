/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * wait.h: waits that go on, for what must know at contention_end how its wait
 * began: filters by lock (contention_end carries no flags), triggers, aggregation.
 *
 * A task that spins stays on its CPU, so its wait lies on a small stack of that
 * CPU: an interrupt's waits end before that of the task they interrupted. A task
 * that sleeps may end elsewhere, so its wait lies in one array for all CPUs, at a
 * place given by task and lock. Nothing is searched and nothing locks; two waits
 * that meet in one place (16,384 of them) leave the younger, and the end of the
 * other is then no wait of ours.
 */
#ifndef OSLET_WAIT_H
#define OSLET_WAIT_H

#include "log.h"

#define WAIT_SHIFT 14

/* Fibonacci hashing: 2^64 / golden ratio (Knuth, TAOCP 3, section 6.4). */
#define GOLDEN 0x9e3779b97f4a7c15ull

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << WAIT_SHIFT);
	__type(key, u32);
	__type(value, struct oslet_wait);
} waits SEC(".maps");

static __always_inline struct oslet_wait *sleeping_wait(u32 task, u64 lock)
{
	u32 place = ((lock ^ task * GOLDEN) * GOLDEN) >> (64 - WAIT_SHIFT);

	return bpf_map_lookup_elem(&waits, &place);
}

/* Remembers a wait; of a mutex that spins and then sleeps, its first begin. Under the guard. */
static __always_inline void wait_begins(struct oslet_log *log, u32 task, u64 lock, u32 flags,
					u64 stack, u64 now)
{
	struct oslet_wait *wait;

	if ((flags & (LCB_F_SPIN | LCB_F_MUTEX)) == LCB_F_SPIN) {
		u32 depth = log->spin_depth;

		if (depth >= OSLET_SPIN_DEPTH)
			depth = OSLET_SPIN_DEPTH - 1;
		wait = &log->spins[depth];
		log->spin_depth = depth + 1;
	} else {
		wait = sleeping_wait(task, lock);
		if (!wait || (wait->lock == lock && wait->task == task))
			return;
	}
	wait->lock = lock;
	wait->begin_ns = now;
	wait->stack = stack;
	wait->task = task;
	wait->flags = flags;
}

/* The wait that ends, null where its begin is not known. Under the guard, until wait_done(). */
static __always_inline struct oslet_wait *wait_ends(struct oslet_log *log, u32 task, u64 lock)
{
	struct oslet_wait *found;

	for (u32 i = OSLET_SPIN_DEPTH; i-- > 0;) {
		if (i >= log->spin_depth || log->spins[i].lock != lock || log->spins[i].task != task)
			continue;
		log->spin_depth = i;
		return &log->spins[i];
	}
	found = sleeping_wait(task, lock);
	return found && found->lock == lock && found->task == task ? found : NULL;
}

/* Gives the place of a wait free: what it says is another's from here on. */
static __always_inline void wait_done(struct oslet_wait *wait)
{
	wait->lock = 0;
}

#endif
