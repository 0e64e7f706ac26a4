/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * stack.h: kernel stacks by budget.
 *
 * A stack walk costs about forty times a record, so it is taken at the first
 * sight of a lock on a CPU and then at one in 2^shift of its contentions, the
 * distance jittered so that a caller with a period is not always hit or always
 * missed. Time spent is charged to a budget that fills at 1/2^share of the CPU's
 * time; the shift grows when a stack was due and the budget empty, and shrinks
 * when the budget is full.
 *
 * A stack is logged only when its hash was not seen on this CPU before, with all
 * its addresses, so the reader can key stacks by content (bpf_get_stackid gives
 * one id to two stacks on collision: bcc #3389, bpftrace #2962).
 */
#ifndef OSLET_STACK_H
#define OSLET_STACK_H

#include "wait.h"

static __always_inline struct oslet_lock_slot *lock_slot(struct oslet_log *log, u64 lock)
{
	u64 i = (lock * GOLDEN) >> 53;

	_Static_assert(OSLET_LOCK_SLOTS == 1 << (64 - 53), "the shift keeps the slot bits");
	return &log->locks[i & (OSLET_LOCK_SLOTS - 1)];
}

/* Refills the budget; true when a stack may be taken now. */
static __always_inline int stack_affordable(struct oslet_log *log, u64 now)
{
	s64 budget = log->stack_budget_ns + ((now - log->stack_time_ns) >> stack_share_shift);

	log->stack_time_ns = now;
	if (budget > stack_budget_cap_ns) {
		budget = stack_budget_cap_ns;
		if (log->sampling_shift > sampling_shift_min)
			log->sampling_shift--;
	}
	log->stack_budget_ns = budget;
	if (budget > 0)
		return 1;
	log->stacks_refused++;
	if (log->sampling_shift < sampling_shift_max)
		log->sampling_shift++;
	return 0;
}

/* Contentions until the next stack: uniform in [K/2, 3K/2), from the clock's low bits. */
static __always_inline u32 next_sample(struct oslet_log *log, u64 now)
{
	u32 k;

	/* A log starts from zeros. A walk is in the wait that it is taken in: never in each. */
	if (log->sampling_shift < sampling_shift_min)
		log->sampling_shift = sampling_shift_min;
	k = 1u << (log->sampling_shift & 31);
	return (k >> 1) + (((now * GOLDEN) >> 32) & (k - 1)) + 1;
}

/*
 * Walks the stack and logs it if it is new. Returns its hash, 0 when there was
 * no room or no stack. The caller holds the guard; while the walk goes on, which
 * is long and leaves the log alone, interrupts may write their records.
 */
static __always_inline u64 stack_hash(void *ctx, struct oslet_log *log, u64 now)
{
	u64 hash = GOLDEN, *seen, *w;
	u32 depth;
	long bytes;

	guard(log, OSLET_WALKING);
	bytes = bpf_get_stack(ctx, log->frames, sizeof(log->frames), 0);
	guard(log, OSLET_WRITING);
	if (bytes <= 0)
		return 0;
	/* The helper clears the rest of the buffer: hash it all, without a branch. */
#pragma clang loop unroll(full)
	for (int i = 0; i < OSLET_STACK_DEPTH; i++)
		hash = (hash ^ log->frames[i]) * 0xff51afd7ed558ccdull;	/* as MurmurHash3's fmix64 */
	hash ^= hash >> 32;
	if (!hash)
		hash = 1;
	seen = &log->stacks[(hash >> 7) & (OSLET_STACK_SLOTS - 1)];
	if (*seen == hash)
		return hash;
	w = room(log, OSLET_RECORD_MAX);
	if (!w)
		return 0;
	depth = (u32)bytes / 8;
	if (depth > OSLET_STACK_DEPTH)
		depth = OSLET_STACK_DEPTH;
	w[0] = now << OSLET_TIME_SHIFT | OSLET_STACK;
	w[1] = hash;
	w[2] = depth;
#pragma clang loop unroll(full)
	for (int i = 0; i < OSLET_STACK_DEPTH; i++)
		w[3 + i] = log->frames[i];
	append(log, (3 + depth) * 8);
	*seen = hash;
	return hash;
}

#endif
