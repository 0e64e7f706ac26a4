/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * filter.h: whose events are recorded, and of which locks (-p, --tid, -G; -Y, -L).
 *
 * Every switch is a constant set before loading, so a filter that is off leaves
 * no instruction behind. The maps are written before recording starts and by
 * forks alone: their lookups take no lock.
 */
#ifndef OSLET_FILTER_H
#define OSLET_FILTER_H

#include "kernel.h"
#include "record.h"

const volatile u8 filter_processes = 0;		/* record the processes in `processes` */
const volatile u8 filter_threads = 0;		/* and the threads in `threads`; both off: all */
const volatile u8 filter_cgroups = 0;		/* of those, the tasks of `cgroups` alone */
const volatile u8 filter_types = 0;		/* waits for locks of `lock_types` alone */
const volatile u64 lock_types = 0;		/* bit f: locks whose contention flags are f */
const volatile u8 filter_locks = 0;		/* waits for the locks that the next four name */
const volatile u64 lock_starts[OSLET_LOCK_RANGES] = {};
const volatile u64 lock_sizes[OSLET_LOCK_RANGES] = {};
const volatile u64 lock_hints = 0;		/* bit h: locks with hint h, enum oslet_lock_hint */
const volatile u8 filter_caches = 0;		/* locks inside slab objects of `caches` */

#define SELECTION(name, keys, key_type)				\
	struct {							\
		__uint(type, BPF_MAP_TYPE_HASH);			\
		__uint(max_entries, keys);				\
		__type(key, key_type);					\
		__type(value, u8);					\
	} name SEC(".maps")

struct cache_name {
	char text[OSLET_SLAB_NAME];
};

SELECTION(processes, 16384, u32);		/* tgid */
SELECTION(threads, 1024, u32);			/* tid */
SELECTION(cgroups, 16384, u64);			/* kernfs id of a cgroup of the unified hierarchy */
SELECTION(caches, OSLET_LOCK_RANGES, struct cache_name);

static __always_inline int wanted_task(u32 process, u32 thread)
{
	if (!filter_processes && !filter_threads)
		return 1;
	if (filter_processes && bpf_map_lookup_elem(&processes, &process))
		return 1;
	return filter_threads && bpf_map_lookup_elem(&threads, &thread);
}

static __always_inline int wanted_cgroup(struct task_struct *task)
{
	u64 id;

	if (!filter_cgroups)
		return 1;
	id = task->cgroups->dfl_cgrp->kn->id;
	return bpf_map_lookup_elem(&cgroups, &id) != NULL;
}

static __always_inline int chooses_tasks(void)
{
	return filter_processes || filter_threads || filter_cgroups;
}

/* A filter by lock is on: what ends was recorded only if its begin was. */
static __always_inline int chooses_locks(void)
{
	return filter_types || filter_locks;
}

/* The current task is one of those asked for, or all are. */
static __always_inline int wanted(void)
{
	if (filter_processes || filter_threads) {
		u64 task = bpf_get_current_pid_tgid();

		if (!wanted_task(task >> 32, task))
			return 0;
	}
	return !filter_cgroups || wanted_cgroup((void *)bpf_get_current_task_btf());
}

static __always_inline int wanted_cache(u64 lock)
{
	struct kmem_cache *cache = NULL;
	struct cache_name name = {};

	if (!filter_caches)
		return 0;
	if (bpf_get_kmem_cache)
		cache = bpf_get_kmem_cache(lock);
	if (!cache || bpf_probe_read_kernel_str(&name, sizeof(name), cache->name) < 0)
		return 0;
	return bpf_map_lookup_elem(&caches, &name) != NULL;
}

/* A wait for this lock is asked for; `hint` is what lock_hint() says of it. */
static __always_inline int wanted_lock(u64 lock, u32 flags, u32 hint)
{
	if (filter_types && !(lock_types >> (flags & 63) & 1))
		return 0;
	if (!filter_locks)
		return 1;
	for (u32 i = 0; i < OSLET_LOCK_RANGES; i++) {
		if (lock - lock_starts[i] < lock_sizes[i])
			return 1;
	}
	return (hint && lock_hints >> (hint & 63) & 1) || wanted_cache(lock);
}

#endif
