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

/*
 * Reads a word of the kernel's: by a plain load where the verifier lets us type an
 * address, else by the helper. The barrier keeps the two loads two, since one
 * instruction may not load through two sorts of pointer.
 */
#define READ(type, address, field, from)						\
	({										\
		u64 value = 0;								\
		if (bpf_rdonly_cast) {							\
			value = ((struct type *)bpf_rdonly_cast((void *)(address),	\
				bpf_core_type_id_kernel(struct type)))->field;		\
			barrier_var(value);						\
		} else {								\
			from bytes = 0;							\
			bpf_probe_read_kernel(&bytes, sizeof(bytes),			\
					      (void *)FIELD(address, type, field));	\
			value = bytes;							\
		}									\
		value;									\
	})

/* The word in which a lock of these flags keeps its owner; 0 where it keeps none. */
static __always_inline u64 owner_word(u64 lock, u32 flags)
{
	if (flags & (LCB_F_SPIN | LCB_F_MUTEX)) {
		if (flags & LCB_F_MUTEX && bpf_core_field_exists(struct mutex, owner))
			return READ(mutex, lock, owner.counter, u64);
		return 0;
	}
	if (flags & LCB_F_RT) {
		u64 word = 0;

		/* With a direction it is an rwbase_rt, which does not say who reads. */
		if (!(flags & (LCB_F_READ | LCB_F_WRITE)) &&
		    bpf_core_field_exists(struct rt_mutex_base, owner))
			bpf_probe_read_kernel(&word, sizeof(word),
					      (void *)FIELD(lock, rt_mutex_base, owner));
		return word;
	}
	/* Neither a percpu-rwsem nor, without a direction, a semaphore. */
	if (!(flags & LCB_F_PERCPU) && flags & (LCB_F_READ | LCB_F_WRITE) &&
	    bpf_core_field_exists(struct rw_semaphore, owner))
		return READ(rw_semaphore, lock, owner.counter, u64);
	return 0;
}

/* The owner as a contention_begin's record carries it, above the flags. */
static __always_inline u32 owner_bits(u64 lock, u32 flags)
{
	u64 word = owner_word(lock, flags), owner = word & ~7ull;
	u32 pid;

	if (!owner)
		return 0;
	pid = READ(task_struct, owner, pid, u32);
	if (!pid || pid > OSLET_OWNER_MASK)
		return 0;
	if (!(flags & (LCB_F_MUTEX | LCB_F_RT)) && word & RWSEM_READER_OWNED)
		return OSLET_OWNER_READS | pid << OSLET_OWNER_SHIFT;
	return pid << OSLET_OWNER_SHIFT;
}

#endif
