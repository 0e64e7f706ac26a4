/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * aggregate.h: waits added up in the kernel, where a trace would be too much.
 *
 * One table for each CPU, one element of a mmap-able array: a cell is found by
 * lock and stack within four places, without a lock or another CPU's line. A
 * wait that finds no cell goes to one for its stack alone, and when there is none
 * either to the last cell, so no wait and no time is missing from the totals.
 * The stack is the one last seen on that lock on this CPU, by the budget of
 * stack.h. The recorder reads the cells while they grow; they never shrink.
 */
#ifndef OSLET_AGGREGATE_H
#define OSLET_AGGREGATE_H

#include "trigger.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);			/* set before loading: CPUs */
	__type(key, u32);
	__type(value, struct oslet_cells);
} cells SEC(".maps");

#define CELL_PROBES 4
#define CELL_SHIFT 54

_Static_assert(OSLET_CELLS == 1 << (64 - CELL_SHIFT), "the shift keeps the place bits");

static __always_inline struct oslet_cell *cell_at(struct oslet_cells *all, u64 lock, u64 stack,
						  u32 flags)
{
	u64 place = ((lock ^ (stack + flags) * GOLDEN) * GOLDEN) >> CELL_SHIFT;

	for (u32 i = 0; i < CELL_PROBES; i++) {
		struct oslet_cell *cell = &all->cells[(place + i) & (OSLET_CELLS - 1)];

		if (!cell->used) {
			cell->lock = lock;
			cell->stack = stack;
			cell->flags = flags;
			barrier();
			cell->used = 1;
			return cell;
		}
		if (cell->lock == lock && cell->stack == stack && cell->flags == flags)
			return cell;
	}
	return NULL;
}

/* The power of two below a length, at most that of the last bucket. */
static __always_inline u32 bucket_of(u64 length)
{
	u32 low = length, bucket = 0;

	if (length >> OSLET_BUCKETS)
		return OSLET_BUCKETS - 1;
	for (u32 step = 16; step; step /= 2) {
		if (low >> step) {
			low >>= step;
			bucket += step;
		}
	}
	return bucket;
}

/* Adds a wait that ends now. Under the guard. */
static __noinline int aggregate(struct oslet_wait *wait, u64 now)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct oslet_cells *all = bpf_map_lookup_elem(&cells, &cpu);
	u64 length;
	struct oslet_cell *cell;
	u32 flags;

	if (!all || !wait)
		return 0;
	/* A mutex may begin either way: it is one sort of lock. */
	flags = wait->flags & LCB_F_MUTEX ? LCB_F_MUTEX : wait->flags & 63;
	length = now - wait->begin_ns;
	cell = cell_at(all, wait->lock, wait->stack, flags);
	if (!cell)
		cell = cell_at(all, 0, wait->stack, flags);
	if (!cell) {
		cell = &all->cells[OSLET_CELLS];
		cell->flags = OSLET_FLAGS_ANY;
		cell->used = 1;
	}
	cell->count++;
	cell->total_ns += length;
	if (length > cell->max_ns)
		cell->max_ns = length;
	if (!cell->first_ns)
		cell->first_ns = now;
	cell->last_ns = now;
	cell->histogram[bucket_of(length) & (OSLET_BUCKETS - 1)]++;
	return 0;
}

#endif
