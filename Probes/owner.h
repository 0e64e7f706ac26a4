/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * owner.h: who has the lock that the current task begins to wait for.
 *
 * Mutexes, reader-writer semaphores and rtmutexes hold a pointer to their owner's
 * task with flags in its low bits (kernel/locking/mutex.h, rwsem.c, rtmutex_common.h).
 * Read without the lock it may be gone a moment later, and a semaphore that
 * readers own names one of them, who may have left: hints, and stored as such.
 * Spinlocks and reader-writer spinlocks name nobody.
 */
#ifndef OSLET_OWNER_H
#define OSLET_OWNER_H

#include "kernel.h"
#include "record.h"

#define FIELD(object, type, field) \
	((u64)(object) + bpf_core_field_offset(struct type, field))

/* RWSEM_READER_OWNED (kernel/locking/rwsem.c). */
#define RWSEM_READER_OWNED 1

/* Where a lock of these flags keeps its owner; 0 where it keeps none. */
static __always_inline u64 owner_word(u64 lock, u32 flags)
{
	if (flags & (LCB_F_SPIN | LCB_F_MUTEX)) {
		if (flags & LCB_F_MUTEX && bpf_core_field_exists(struct mutex, owner))
			return FIELD(lock, mutex, owner);
		return 0;
	}
	if (flags & LCB_F_RT) {
		/* With a direction it is an rwbase_rt, which does not say who reads. */
		if (!(flags & (LCB_F_READ | LCB_F_WRITE)) &&
		    bpf_core_field_exists(struct rt_mutex_base, owner))
			return FIELD(lock, rt_mutex_base, owner);
		return 0;
	}
	/* Neither a percpu-rwsem nor, without a direction, a semaphore. */
	if (!(flags & LCB_F_PERCPU) && flags & (LCB_F_READ | LCB_F_WRITE) &&
	    bpf_core_field_exists(struct rw_semaphore, owner))
		return FIELD(lock, rw_semaphore, owner);
	return 0;
}

/* The owner as a contention_begin's record carries it, above the flags. */
static __always_inline u32 owner_bits(u64 lock, u32 flags)
{
	u64 where = owner_word(lock, flags), owner = 0;
	u32 bits, pid = 0;

	if (!where || bpf_probe_read_kernel(&owner, sizeof(owner), (void *)where))
		return 0;
	bits = !(flags & (LCB_F_MUTEX | LCB_F_RT)) && owner & RWSEM_READER_OWNED ?
		OSLET_OWNER_READS : 0;
	owner &= ~7ull;
	if (!owner || bpf_probe_read_kernel(&pid, sizeof(pid), (void *)FIELD(owner, task_struct, pid)))
		return 0;
	return pid && pid <= OSLET_OWNER_MASK ? bits | pid << OSLET_OWNER_SHIFT : 0;
}

#endif
