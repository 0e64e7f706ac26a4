/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * record.h: what the probes write and the recorder reads.
 *
 * Compiled by both sides: clang -target bpf for oslet.bpf.c, and Swift through
 * the module map of Sources/CRecord. Nothing here depends on a kernel version.
 *
 * One log per CPU, one element of a mmap-able BPF array:
 *
 *     struct oslet_log | data: size bytes, a power of two | slack
 *
 * `produced` and `consumed` count bytes since the start and never wrap. The
 * record at position p starts at data[p & (size - 1)] and lies in one piece:
 * where it would pass the end of the data it runs on into the slack, and the
 * next record starts as many bytes past the beginning of the data. Only the
 * CPU itself writes `produced`; only the recorder writes `consumed`.
 *
 * A record is a header word and then words as listed at enum oslet_kind.
 */
#ifndef OSLET_RECORD_H
#define OSLET_RECORD_H

#ifdef __bpf__
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
#else
#include <stdint.h>
#endif

/*
 * The header word: nanoseconds of CLOCK_MONOTONIC in the upper 56 bits (2.28
 * years of uptime), the kind in the lower 7, and bit 7 set when one further
 * word, the hash of a stack, ends the record.
 */
#define OSLET_TIME_SHIFT 8
#define OSLET_HAS_STACK 0x80
#define OSLET_KIND_MASK 0x7f

/*
 * The raw values are those of EventKind in TraceFormat. "task, x" is one word:
 * the current thread id in the upper half, x in the lower.
 */
enum oslet_kind {
	OSLET_CONTENTION_BEGIN = 1,	/* task, flags and owner | lock [| stack] */
	OSLET_CONTENTION_END = 2,	/* task, ret | lock */
	OSLET_CSD_QUEUE = 3,		/* task, cpu | csd | function | call site */
	OSLET_CSD_FUNCTION_ENTRY = 4,	/* task, 0 | csd | function */
	OSLET_CSD_FUNCTION_EXIT = 5,	/* task, 0 | csd | function */
	OSLET_IPI_SEND_CPU = 6,		/* task, cpu | call site | callback */
	OSLET_IPI_SEND_MASK = 7,	/* task, word index | call site | callback | bits */
	OSLET_CALL_FUNCTION_ENTRY = 8,	/* task, vector; the same for 9 to 13 */
	OSLET_CALL_FUNCTION_EXIT = 9,
	OSLET_CALL_FUNCTION_SINGLE_ENTRY = 10,
	OSLET_CALL_FUNCTION_SINGLE_EXIT = 11,
	OSLET_RESCHEDULE_ENTRY = 12,
	OSLET_RESCHEDULE_EXIT = 13,
	OSLET_TLB_FLUSH = 14,		/* task, reason | pages */
	OSLET_SCHED_SWITCH = 15,	/* previous task, its state | next task, system calls */
	OSLET_SCHED_WAKING = 16,	/* task, target cpu | wakee */
	OSLET_SCHED_WAKEUP = 17,	/* task, target cpu | wakee */
	OSLET_SCHED_MIGRATE = 18,	/* task, to cpu | tid, from cpu */
	OSLET_FORK = 19,		/* task, child tid | comm | comm | child tgid */
	OSLET_EXEC = 20,		/* task, 0 | comm | comm | tgid */
	OSLET_EXIT = 21,		/* task, 0 | comm | comm | tgid */
	OSLET_LOCK_SEEN = 22,		/* task, hint | lock | hint object | slab cache [| stack] */
	/* 23 and 27 are the gap and the progress of the trace file, which the recorder writes */
	OSLET_STACK = 24,		/* hash | depth | depth addresses; never counted */
	OSLET_SLAB = 25,		/* slab cache | four words of its name | size, pages; never counted */
	OSLET_TRIGGER = 26,		/* task, cause | lock or csd | latency ns | function */
	OSLET_KINDS = 28,		/* array size */
};

/* What fired a trigger; the values are those of TriggerCause in TraceFormat. */
enum oslet_cause {
	OSLET_CAUSE_WAIT = 1,		/* a wait for a lock */
	OSLET_CAUSE_IPI = 2,		/* a function queued for another CPU, until it ran there */
};

/*
 * The lower half of a contention_begin's second word: the tracepoint's flags, above
 * them the thread id of who had the lock (PID_MAX_LIMIT is 2^22; 0 unknown), and
 * a bit for an owner who is only one of the readers.
 */
#define OSLET_FLAGS_MASK 0xffu
#define OSLET_OWNER_SHIFT 8
#define OSLET_OWNER_MASK 0x3fffffu
#define OSLET_OWNER_READS 0x80000000u

/* Set in the word index of the first OSLET_IPI_SEND_MASK of one send. */
#define OSLET_MASK_FIRST 0x80000000u

/*
 * What a lock seen for the first time is a field of, where the probe can tell.
 * The values are those of LockHint in TraceFormat, which has more of them: the
 * recorder finds run queues, slab objects and symbols by address.
 */
enum oslet_lock_hint {
	OSLET_LOCK_UNKNOWN = 0,
	OSLET_LOCK_MMAP = 1,		/* mm_struct.mmap_lock of current */
	OSLET_LOCK_SIGHAND = 2,		/* sighand_struct.siglock of current */
	OSLET_LOCK_PAGE_TABLE = 8,	/* mm_struct.page_table_lock of current */
	OSLET_LOCK_FILES = 9,		/* files_struct.file_lock of current */
	OSLET_LOCK_TASK_PI = 10,	/* task_struct.pi_lock of current */
	OSLET_LOCK_CRED_GUARD = 11,	/* signal_struct.cred_guard_mutex of current */
};

#define OSLET_STACK_DEPTH 28		/* five of them are the tracing path itself */
#define OSLET_SLAB_NAME 32
#define OSLET_SLAB_BYTES 56
#define OSLET_RECORD_MAX ((3 + OSLET_STACK_DEPTH) * 8)
#define OSLET_SLACK 4096
#define OSLET_LOCK_RANGES 16		/* locks that a filter can name, of each sort */
#define OSLET_BUCKETS 32
#define OSLET_SPIN_DEPTH 4		/* contexts of a CPU: task, softirq, interrupt, NMI */
#define OSLET_LOCK_SLOTS 2048		/* powers of two */
#define OSLET_STACK_SLOTS 1024

/* Events of one kind that a CPU met and did not record, and when. */
struct oslet_missed {
	uint64_t lost;			/* the log was full */
	uint64_t suppressed;		/* met inside another probe on this CPU */
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t aggregated;		/* counted in place of a record: see aggregate.h */
	uint64_t aggregated_first_ns;
	uint64_t aggregated_last_ns;
	uint64_t unused;
};

/* One lock as this CPU knows it; a newcomer takes the slot of another. */
struct oslet_lock_slot {
	uint64_t lock;
	uint64_t stack;			/* hash of the last stack seen on it, or 0 */
	uint32_t until_stack;		/* contentions until the next stack */
	uint32_t unused;
};

/* Waits of one sort on one CPU, added up: see aggregate.h. */
struct oslet_cell {
	uint64_t lock;			/* 0: any lock with this stack */
	uint64_t stack;			/* hash, as in OSLET_STACK; 0: none known */
	uint32_t flags;			/* of contention_begin; OSLET_FLAGS_ANY: of any kind */
	uint32_t used;
	uint64_t count;
	uint64_t total_ns;
	uint64_t max_ns;
	uint64_t first_ns;		/* when the first and the last of them ended */
	uint64_t last_ns;
	uint32_t histogram[OSLET_BUCKETS];	/* [b]: 2^b to 2^(b+1) ns; the last has all longer ones */
};

#define OSLET_CELLS 1024		/* a power of two */
#define OSLET_FLAGS_ANY 0xffu

struct oslet_cells {
	struct oslet_cell cells[OSLET_CELLS + 1];	/* the last: all that found no cell */
	uint8_t pad[4096 - (OSLET_CELLS + 1) * (64 + OSLET_BUCKETS * 4) % 4096];
};

/* A wait that goes on, kept where something must know of it when it ends. */
struct oslet_wait {
	uint64_t lock;
	uint64_t begin_ns;
	uint64_t stack;
	uint32_t task;
	uint32_t flags;			/* of its contention_begin, and OSLET_AGGREGATED */
};

/* The begin of this wait is in no record: its end goes into a cell. */
#define OSLET_AGGREGATED 0x80000000u

enum oslet_guard {
	OSLET_FREE = 0,
	OSLET_WRITING = 1,		/* the log is in flux: whoever comes now is suppressed */
	OSLET_WALKING = 2,		/* a stack is being walked, the log is whole: others may write */
};

struct oslet_log {
	/* All that a record touches. Written by this CPU, but for `enabled` and `remembers`. */
	uint64_t produced;
	uint64_t limit;			/* of `produced`, as `consumed` was when last asked */
	uint64_t brim;			/* of `produced`, below it there is room and nothing to ask */
	uint32_t busy;			/* the guard: enum oslet_guard */
	uint32_t enabled;		/* 1 or 0, by the recorder, at the start and at the end */
	uint32_t aggregating;		/* the log is too full: events are counted instead */
	uint32_t remembers;		/* some CPU has aggregated: ask for a wait that ends how it began */
	uint64_t system_calls;		/* since the last switch */
	uint64_t runqueue;		/* address of this CPU's struct rq */
	uint64_t unused_here;

	/* Written by the recorder at every drain. */
	uint64_t consumed;
	uint64_t unused_there[7];

	/* Written by this CPU, less often. */
	int64_t stack_budget_ns;	/* what may still be spent on stacks */
	uint64_t stack_time_ns;		/* when the budget was last filled */
	uint64_t stack_spent_ns;
	uint32_t stacks_refused;	/* a stack was due and the budget was empty */
	uint32_t sampling_shift;	/* one stack in 2^shift contentions of a lock */
	uint64_t counted_contention_begin;	/* by selfcheck.h, on this CPU */
	uint64_t counted_sched_switch;
	uint64_t unused_either[2];

	struct oslet_missed missed[OSLET_KINDS];
	struct oslet_lock_slot locks[OSLET_LOCK_SLOTS];
	uint64_t stacks[OSLET_STACK_SLOTS];	/* hashes already in the log */
	uint64_t frames[OSLET_STACK_DEPTH];	/* scratch of the walk */
	struct oslet_wait spins[OSLET_SPIN_DEPTH];	/* waits that spin, innermost last */
	uint32_t spin_depth;
	uint32_t unused_too;
	uint8_t pad[4096 - (192 + OSLET_KINDS * 64 + OSLET_STACK_DEPTH * 8 + OSLET_SPIN_DEPTH * 32
			    + 8) % 4096];
	/* data and slack follow */
};

_Static_assert(sizeof(struct oslet_missed) == 64, "a cache line");
_Static_assert(sizeof(struct oslet_lock_slot) == 24, "three words");
_Static_assert(__builtin_offsetof(struct oslet_log, consumed) == 64,
	       "the recorder's words have a cache line of their own");
_Static_assert(__builtin_offsetof(struct oslet_log, stack_budget_ns) == 128 &&
	       __builtin_offsetof(struct oslet_log, missed) == 192, "and so have the CPU's");
_Static_assert(sizeof(struct oslet_log) % 4096 == 0, "data starts on a page");
_Static_assert(sizeof(struct oslet_cells) % 4096 == 0, "elements of an array that is mapped");
_Static_assert(OSLET_SLAB_BYTES == 16 + OSLET_SLAB_NAME + 8, "as listed at OSLET_SLAB");
_Static_assert(OSLET_RECORD_MAX <= OSLET_SLACK, "any record fits the slack");

#endif
