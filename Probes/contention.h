/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * contention.h: lock:contention_begin and contention_end (5.19).
 *
 * contention_end runs after the lock was taken, so what it does adds to the
 * hold time: a record and nothing else.
 */
#ifndef OSLET_CONTENTION_H
#define OSLET_CONTENTION_H

#include "owner.h"
#include "stack.h"
#include "aggregate.h"

/*
 * `lock` is this rwsem. On PREEMPT_RT a writer waits for other writers on the rtmutex
 * inside it, and contention_begin names that one (rwbase_write_lock, rwbase_rt.c).
 */
static __always_inline int is_rwsem(u64 lock, u64 rwsem)
{
	if (lock == rwsem)
		return 1;
	return bpf_core_field_exists(struct rw_semaphore, rwbase) &&
	       lock == rwsem + bpf_core_field_offset(struct rw_semaphore, rwbase.rtmutex);
}

/* Says what `lock` is a field of, when it belongs to the current task. */
static __always_inline u32 lock_hint(u64 lock, u64 *object)
{
	struct task_struct *task = (void *)bpf_get_current_task_btf();
	u64 mm = (u64)task->mm, sighand = (u64)task->sighand;
	u64 files = (u64)task->files, signal = (u64)task->signal;

	*object = mm;
	if (mm && is_rwsem(lock, FIELD(mm, mm_struct, mmap_lock)))
		return OSLET_LOCK_MMAP;
	if (mm && lock == FIELD(mm, mm_struct, page_table_lock))
		return OSLET_LOCK_PAGE_TABLE;
	*object = sighand;
	if (sighand && lock == FIELD(sighand, sighand_struct, siglock))
		return OSLET_LOCK_SIGHAND;
	*object = files;
	if (files && lock == FIELD(files, files_struct, file_lock))
		return OSLET_LOCK_FILES;
	*object = signal;
	if (signal && lock == FIELD(signal, signal_struct, cred_guard_mutex))
		return OSLET_LOCK_CRED_GUARD;
	*object = (u64)task;
	if (lock == FIELD(task, task_struct, pi_lock))
		return OSLET_LOCK_TASK_PI;
	*object = 0;
	return OSLET_LOCK_UNKNOWN;
}

static __always_inline void lock_seen(struct oslet_log *log, u64 now, u64 task, u64 lock,
				      u64 stack)
{
	u64 object, *w = room(log, OSLET_SLAB_BYTES + 48);
	struct kmem_cache *cache = NULL;
	u32 hint;

	if (!w) {
		missed(OSLET_LOCK_SEEN, 0);
		return;
	}
	if (bpf_get_kmem_cache)
		cache = bpf_get_kmem_cache(lock);
	if (cache) {
		w[0] = now << OSLET_TIME_SHIFT | OSLET_SLAB;
		w[1] = (u64)cache;
		if (bpf_probe_read_kernel_str(w + 2, OSLET_SLAB_NAME, cache->name) < 0)
			w[2] = 0;
		w[2 + OSLET_SLAB_NAME / 8] = (u64)cache->oo.x >> 16 << 32 | cache->size;
		append(log, OSLET_SLAB_BYTES);
		w = room(log, 48);
		if (!w)
			return;
	}
	hint = lock_hint(lock, &object);
	w[0] = now << OSLET_TIME_SHIFT | OSLET_LOCK_SEEN | OSLET_HAS_STACK;
	w[1] = task << 32 | hint;
	w[2] = lock;
	w[3] = object;
	w[4] = (u64)cache;
	w[5] = stack;
	append(log, 48);
}

static __always_inline int follows_waits(struct oslet_log *log)
{
	return chooses_locks() || trigger_wait_ns || profile || log->remembers;
}

/*
 * What the short way leaves: a lock is seen first or a stack is due, a filter or a trigger
 * is on, events are counted, the log is full. `low` is the flags with the owner above
 * them. In the guard, which is left for what was `before`.
 */
static __noinline int begin_entered(void *ctx, u64 lock, u32 low, u64 now, u32 before)
{
	struct oslet_log *log = this_log();
	u32 flags = low & OSLET_FLAGS_MASK, first;
	u64 task, stack = 0, *w;
	struct oslet_lock_slot *slot;

	if (!log)
		return 0;
	task = bpf_get_current_pid_tgid();
	slot = lock_slot(log, lock);
	first = slot->lock != lock;
	/* Inside a walk the scratch is taken: the lock's next contention comes in its place. */
	if (before == OSLET_FREE && (first || --slot->until_stack == 0)) {
		if (stack_affordable(log, now)) {
			u64 spent;

			stack = stack_hash(ctx, log, now);
			spent = bpf_ktime_get_ns() - now;
			log->stack_budget_ns -= spent;
			log->stack_spent_ns += spent;
		}
		slot->until_stack = next_sample(log, now);
		if (first) {
			slot->lock = lock;
			lock_seen(log, now, task, lock, stack);
		}
		if (first || stack)
			slot->stack = stack;
	}
	if (aggregates(log)) {
		wait_begins(log, task, lock, flags | OSLET_AGGREGATED, slot->stack, now);
		counted(log, OSLET_CONTENTION_BEGIN, now);
		leave(log, before);
		return 0;
	}
	if (chooses_locks() || trigger_wait_ns)
		wait_begins(log, task, lock, flags, stack, now);
	w = room(log, 32);
	if (!w) {
		leave(log, before);
		return missed(OSLET_CONTENTION_BEGIN, 0);
	}
	write(w, OSLET_CONTENTION_BEGIN | (stack ? OSLET_HAS_STACK : 0), 4, now, task << 32 | low,
	      lock, stack, 0);
	append(log, stack ? 32 : 24);
	leave(log, before);
	return 0;
}

static __noinline int begin_asking(void *ctx, u64 lock, u32 flags)
{
	struct oslet_log *log = enabled_log();
	u32 before;
	u64 now, object;

	if (!log || !wanted())
		return 0;
	if (!wanted_lock(lock, flags, lock_hints ? lock_hint(lock, &object) : OSLET_LOCK_UNKNOWN))
		return 0;
	if (!enter(log, OSLET_CONTENTION_BEGIN, &before))
		return 0;
	now = bpf_ktime_get_ns();
	return begin_entered(ctx, lock, (flags & OSLET_FLAGS_MASK) | owner_bits(lock, flags), now,
			     before);
}

static __always_inline int begin(void *ctx, u64 lock, u32 flags)
{
	struct oslet_log *log = this_log();
	struct oslet_lock_slot *slot;
	u64 now;
	u32 low;

	if (!log)
		return 0;
	if (!enter_plainly(log))
		return begin_asking(ctx, lock, flags);
	now = bpf_ktime_get_ns();
	/* Soon: a moment later it may be gone. Not before the clock, which would wait for it. */
	low = (flags & OSLET_FLAGS_MASK) | owner_bits(lock, flags);
	slot = lock_slot(log, lock);
	if (slot->lock != lock || slot->until_stack == 1)
		return begin_entered(ctx, lock, low, now, OSLET_FREE);
	slot->until_stack--;
	write(place(log), OSLET_CONTENTION_BEGIN, 3, now, task_and(low), lock, 0, 0);
	append(log, 24);
	leave(log, OSLET_FREE);
	return 0;
}

/* The long way: how the wait began is to be asked, the log is full or in use. */
static __noinline int end_asking(u64 lock, u32 ret)
{
	struct oslet_log *log = enabled_log();
	struct oslet_wait *wait = NULL;
	u64 task, now, *w;
	u32 before;

	if (!log || !wanted() || !enter(log, OSLET_CONTENTION_END, &before))
		return 0;
	now = bpf_ktime_get_ns();
	task = bpf_get_current_pid_tgid();
	if (follows_waits(log)) {
		wait = wait_ends(log, task, lock);
		if ((chooses_locks() || profile) && !wait) {
			leave(log, before);
			return 0;
		}
		if (wait && wait->flags & OSLET_AGGREGATED) {
			aggregate(wait, now);
			counted(log, OSLET_CONTENTION_END, now);
			wait_ended(log, task, now, wait);
			wait_done(wait);
			leave(log, before);
			return 0;
		}
	}
	w = room(log, 24);
	if (!w) {
		if (wait)
			wait_done(wait);
		leave(log, before);
		return missed(OSLET_CONTENTION_END, 0);
	}
	write(w, OSLET_CONTENTION_END, 3, now, task << 32 | ret, lock, 0, 0);
	append(log, 24);
	if (wait) {
		wait_ended(log, task, now, wait);
		wait_done(wait);
	}
	leave(log, before);
	return 0;
}

static __always_inline int end(u64 lock, u32 ret)
{
	struct oslet_log *log = this_log();
	u64 now;

	if (!log)
		return 0;
	if (log->remembers || !enter_plainly(log))
		return end_asking(lock, ret);
	now = bpf_ktime_get_ns();
	write(place(log), OSLET_CONTENTION_END, 3, now, task_and(ret), lock, 0, 0);
	append(log, 24);
	leave(log, OSLET_FREE);
	return 0;
}

SEC("?tp_btf/contention_begin")
int BPF_PROG(contention_begin, void *lock, unsigned int flags)
{
	return begin(ctx, (u64)lock, flags);
}

SEC("?tp_btf/contention_end")
int BPF_PROG(contention_end, void *lock, int ret)
{
	return end((u64)lock, ret);
}

#endif
