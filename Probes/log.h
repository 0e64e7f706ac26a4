/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * log.h: the per-CPU log, its guard, and the account of what was missed.
 *
 * No lock is taken and no other CPU's line is written. A probe that finds the log
 * in flux was raised inside another probe of this CPU (by an interrupt, or by a
 * lock that a helper takes): it counts itself as suppressed and returns.
 * The guard is per CPU and shared by all programs, because the kernel's own
 * guard is per program and does not see one program run inside another
 * (kernel commit 05b24ff9b2cf, 6.1).
 */
#ifndef OSLET_LOG_H
#define OSLET_LOG_H

#include "filter.h"
#include "record.h"

/* Set before loading; constants to the verifier, which drops the dead branches. */
const volatile u64 data_mask = 0xffff;		/* bytes of data of a log, less one */
const volatile u8 profile = 0;			/* record nothing, count and add up everything */
const volatile u8 degrade = 0;			/* the same while a log is nearly full */
const volatile u64 trigger_wait_ns = 0;		/* longer waits for locks fire; 0: none does */
const volatile u32 mask_words = 1;		/* 64-bit words of a CPU mask */
const volatile u32 stack_share_shift = 6;	/* stacks may take 1/2^shift of a CPU */
const volatile s64 stack_budget_cap_ns = 4000000;
const volatile u32 sampling_shift_min = 4;
const volatile u32 sampling_shift_max = 16;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);			/* set before loading: CPUs */
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct oslet_log) + 0x10000 + OSLET_SLACK);
} logs SEC(".maps");

static __always_inline struct oslet_log *this_log(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&logs, &cpu);
}

/* The same where recording is on. */
static __always_inline struct oslet_log *enabled_log(void)
{
	struct oslet_log *log = this_log();

	return log && log->enabled ? log : NULL;
}

static __noinline int missed(u32 kind, int nested)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct oslet_log *log = bpf_map_lookup_elem(&logs, &cpu);
	u64 now = bpf_ktime_get_ns();
	struct oslet_missed *m;

	if (!log || kind >= OSLET_KINDS)
		return 0;
	m = &log->missed[kind];
	/* Times first: who reads a count finds when that was. */
	if (!m->first_ns)
		m->first_ns = now;
	if (m->last_ns < now)
		m->last_ns = now;
	barrier();
	/* Atomic: an interrupt may count the same kind between load and store. */
	if (nested)
		__sync_fetch_and_add(&m->suppressed, 1);
	else
		__sync_fetch_and_add(&m->lost, 1);
	return 0;
}

/*
 * Positions of the log are read and written between two settings of the guard:
 * the barriers keep the compiler from moving them out, where an interrupt's
 * record would be overwritten. One CPU sees its own stores in order.
 */
static __always_inline void guard(struct oslet_log *log, u32 state)
{
	barrier();
	*(volatile u32 *)&log->busy = state;
	barrier();
}

/*
 * Enters the guard and says in *before what to leave() with; 0 when a record is
 * being written on this CPU. An interrupt that writes and leaves between the
 * test and the store does no harm: it leaves what it found.
 */
static __always_inline int enter(struct oslet_log *log, u32 kind, u32 *before)
{
	*before = *(volatile u32 *)&log->busy;
	if (*before == OSLET_WRITING) {
		missed(kind, 1);
		return 0;
	}
	guard(log, OSLET_WRITING);
	return 1;
}

static __always_inline void leave(struct oslet_log *log, u32 before)
{
	guard(log, before);
}

/*
 * Where the next record of at most `bytes` goes; null when the log is full. The
 * recorder's line is read only when what was last read there does not do.
 */
static __always_inline u64 *room(struct oslet_log *log, u32 bytes)
{
	u64 produced = log->produced;

	if (produced + bytes > log->limit) {
		log->limit = *(volatile u64 *)&log->consumed + data_mask + 1;
		if (produced + bytes > log->limit)
			return NULL;
	}
	return (void *)log + sizeof(*log) + (produced & data_mask);
}

static __always_inline void append(struct oslet_log *log, u32 bytes)
{
	publish(&log->produced, log->produced + bytes);
}

static int remember(u32 cpu, void *unused)
{
	struct oslet_log *log = bpf_map_lookup_elem(&logs, &cpu);

	if (!log)
		return 1;
	log->remembers = 1;
	return 0;
}

/* Something is to be asked or noted of every event: all of them go the long way. */
static __always_inline int asks(void)
{
	return chooses_tasks() || chooses_locks() || trigger_wait_ns || profile;
}

/*
 * Whether a log at its brim is too full. Once in a recording another CPU's line is
 * written here: a wait that begins aggregated on this CPU may end on any.
 */
static __noinline int overflows(struct oslet_log *log)
{
	u64 consumed = *(volatile u64 *)&log->consumed, used = log->produced - consumed;
	u64 quarter = (data_mask + 1) / 4;

	if (profile)
		return 1;
	if (degrade && used > (log->aggregating ? quarter : 3 * quarter)) {
		if (!log->remembers)
			bpf_loop(1 << 16, remember, NULL, 0);
		log->aggregating = 1;
		log->brim = 0;
		return 1;
	}
	log->aggregating = 0;
	if (!asks())
		log->brim = consumed + 3 * quarter;
	return 0;
}

/*
 * Whether events are to be counted instead of recorded now: always in a profile;
 * under overload from three quarters of the log until the recorder has drained it
 * to one. The last quarter is for the ends of what was begun, and for names.
 * Under the guard.
 */
static __always_inline int aggregates(struct oslet_log *log)
{
	return log->produced >= log->brim && overflows(log);
}

/*
 * Enters the guard where there is nothing to ask before a record is written: recording
 * is on, no other record is being written and no stack walked on this CPU, and the log is
 * below its brim, where any record fits. All of that is in one line, and no constant is
 * read. 0 sends the caller the long way, with nothing done: its code lies behind the
 * program's and is not fetched by those who go the short way.
 *
 * `busy` and `enabled` are not compared as one word: its load would wait until the last
 * record's store to the half of it has left the store buffer, behind lines of the log.
 */
static __always_inline int enter_plainly(struct oslet_log *log)
{
	if (*(volatile u32 *)&log->busy != OSLET_FREE || !*(volatile u32 *)&log->enabled)
		return 0;
	guard(log, OSLET_WRITING);
	if (log->produced < log->brim)
		return 1;
	guard(log, OSLET_FREE);
	return 0;
}

/* Where the next record goes, below the brim. */
static __always_inline u64 *place(struct oslet_log *log)
{
	return (void *)log + sizeof(*log) + (log->produced & data_mask);
}

/* Counts an event in place of its record. Under the guard. */
static __always_inline int counted(struct oslet_log *log, u32 kind, u64 now)
{
	struct oslet_missed *m;

	/* Once more: a verifier loses sight of what was compared and then spilled. */
	barrier_var(kind);
	if (kind >= OSLET_KINDS)
		return 0;
	m = &log->missed[kind];
	m->aggregated++;
	if (!m->aggregated_first_ns)
		m->aggregated_first_ns = now;
	m->aggregated_last_ns = now;
	return 0;
}

/* The words of a record; `words` counts them all, header included. */
static __always_inline void write(u64 *w, u32 kind, u32 words, u64 now, u64 task_low, u64 a, u64 b,
				  u64 c)
{
	w[0] = now << OSLET_TIME_SHIFT | kind;
	w[1] = task_low;
	if (words > 2)
		w[2] = a;
	if (words > 3)
		w[3] = b;
	if (words > 4)
		w[4] = c;
}

static __always_inline u64 task_and(u32 low)
{
	return bpf_get_current_pid_tgid() << 32 | low;
}

/* The long way of record(), with filters, on a log that is full or in use. */
static __noinline int record_asking(u32 kind, u64 words_low, u64 a, u64 b, u64 c)
{
	struct oslet_log *log = enabled_log();
	u32 words = words_low >> 32, low = words_low, before;
	u64 *w, now;

	if (!log || !wanted() || !enter(log, kind, &before))
		return 0;
	now = bpf_ktime_get_ns();
	/* Names are few, and nothing stands for them. */
	if (kind < OSLET_FORK && aggregates(log)) {
		counted(log, kind, now);
		leave(log, before);
		return 0;
	}
	w = room(log, words * 8);
	if (!w) {
		leave(log, before);
		return missed(kind, 0);
	}
	write(w, kind, words, now, task_and(low), a, b, c);
	append(log, words * 8);
	leave(log, before);
	return 0;
}

/*
 * One whole record of a kind: a header, "task, low", and up to three words.
 * `words` is a constant, so unused stores are not emitted. The clock is read as soon as
 * the guard is entered: ordered as it is, it waits for every load before it, and what
 * misses the cache after it waits for nothing.
 */
static __always_inline int record(u32 kind, u32 words, u32 low, u64 a, u64 b, u64 c)
{
	struct oslet_log *log = this_log();
	u64 now;

	if (!log)
		return 0;
	if (!enter_plainly(log))
		return record_asking(kind, (u64)words << 32 | low, a, b, c);
	now = bpf_ktime_get_ns();
	write(place(log), kind, words, now, task_and(low), a, b, c);
	append(log, words * 8);
	leave(log, OSLET_FREE);
	return 0;
}

#endif
