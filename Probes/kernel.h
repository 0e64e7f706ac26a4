/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * kernel.h: the kernel as the probes see it, and the only file that knows its
 * versions. Structures name the few fields that are read; their offsets come
 * from the running kernel's BTF when the probes are loaded (CO-RE), so order
 * and missing neighbours do not matter.
 */
#ifndef OSLET_KERNEL_H
#define OSLET_KERNEL_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Only the addresses of these are taken. clang 21 crashes on a field of an empty type. */
struct spinlock {
	u8 any;
};
typedef struct spinlock spinlock_t;

struct raw_spinlock {
	u8 any;
};
typedef struct raw_spinlock raw_spinlock_t;

typedef struct {
	s64 counter;
} atomic_long_t;

struct task_struct;

struct rt_mutex_base {
	struct task_struct *owner;
};

struct rwbase_rt {
	struct rt_mutex_base rtmutex;
};

struct rw_semaphore {
	atomic_long_t owner;		/* not with PREEMPT_RT, as a mutex's */
	struct rwbase_rt rwbase;	/* with PREEMPT_RT */
};

struct mutex {
	atomic_long_t owner;
};

struct mm_struct {
	struct rw_semaphore mmap_lock;	/* mmap_sem before 5.8 */
	spinlock_t page_table_lock;
};

struct sighand_struct {
	spinlock_t siglock;
};

struct files_struct {
	spinlock_t file_lock;
};

struct signal_struct {
	struct mutex cred_guard_mutex;
};

struct kernfs_node {
	u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;	/* of the unified hierarchy */
};

struct rq;

struct cfs_rq {
	struct rq *rq;			/* with CONFIG_FAIR_GROUP_SCHED */
};

struct sched_entity {
	struct cfs_rq *cfs_rq;		/* with CONFIG_FAIR_GROUP_SCHED */
};

struct thread_info {
	u32 cpu;			/* every architecture since 5.16 */
};

struct task_struct {
	struct thread_info thread_info;
	struct sched_entity se;
	struct mm_struct *mm;
	int pid;
	int tgid;
	char comm[16];
	struct files_struct *files;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	raw_spinlock_t pi_lock;
	struct css_set *cgroups;	/* with CONFIG_CGROUPS */
};

struct cpumask {
	unsigned long bits[1];
};

struct kmem_cache_order_objects {
	u32 x;				/* pages of a slab as a power of two, above 16 bits */
};

struct kmem_cache {
	u32 size;			/* from one object to the next */
	struct kmem_cache_order_objects oo;
	const char *name;
};

#pragma clang attribute pop

/* Slab cache of an address; the kfunc and its iterator came with 6.13. */
extern struct kmem_cache *bpf_get_kmem_cache(u64 address) __ksym __weak;

/* Types an address, so that it is read by a plain load that a fault ends with 0; 6.2. */
extern void *bpf_rdonly_cast(const void *address, u32 type) __ksym __weak;

/* enum tlb_flush_reason: TLB_FLUSH_ON_TASK_SWITCH, raised at every change of address space. */
#define TLB_FLUSH_ON_TASK_SWITCH 0

/* What lock:contention_begin says of a lock: include/trace/events/lock.h. */
#define LCB_F_SPIN (1U << 0)
#define LCB_F_READ (1U << 1)
#define LCB_F_WRITE (1U << 2)
#define LCB_F_RT (1U << 3)
#define LCB_F_PERCPU (1U << 4)
#define LCB_F_MUTEX (1U << 5)

/*
 * Publishes a record: what was stored before is visible before *where changes.
 * BPF has had a store-release only since 6.15. x86 keeps stores in order, so
 * keeping the compiler in order is enough; elsewhere an exchange, which BPF
 * defines as fully ordered (Documentation/bpf/standardization, atomics).
 */
static __always_inline void publish(u64 *where, u64 value)
{
#ifdef __TARGET_ARCH_x86
	__asm__ volatile("" ::: "memory");
	*(volatile u64 *)where = value;
#else
	__sync_lock_test_and_set(where, value);
#endif
}

#endif
