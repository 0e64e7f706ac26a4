// SPDX-License-Identifier: GPL-2.0-only
/*
 * The least that a recorder can do with BPF ring buffers: one record of 32 bytes an
 * event, a ring for each CPU, no wake-ups, no names, no stacks. A guard for each CPU
 * keeps a probe out of the ring's own lock.
 */
#include "../rings.h"

char LICENSE[] SEC("license") = "GPL";

struct record {
	u64 time;
	u64 a;
	u32 b;
	u32 task;
	u64 kind;
};

struct account {
	u64 written, lost, nested, busy;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct account);
} accounts SEC(".maps");

static __always_inline int emit(u64 kind, u64 a, u32 b)
{
	u32 zero = 0, cpu = bpf_get_smp_processor_id();
	struct account *account = bpf_map_lookup_elem(&accounts, &zero);
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	struct record *record;

	if (!account || !ring)
		return 0;
	if (account->busy) {
		account->nested++;
		return 0;
	}
	*(volatile u64 *)&account->busy = 1;
	record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);
	if (record) {
		record->time = bpf_ktime_get_ns();
		record->a = a;
		record->b = b;
		record->task = bpf_get_current_pid_tgid();
		record->kind = kind << 32 | cpu;
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
		account->written++;
	} else {
		account->lost++;
	}
	*(volatile u64 *)&account->busy = 0;
	return 0;
}

#define RAW(name, kind, a, b)						\
	SEC("raw_tp/" #name)						\
	int name(struct bpf_raw_tracepoint_args *c)			\
	{								\
		return emit(kind, c->args[a], c->args[b]);		\
	}

RAW(contention_begin, 1, 0, 1)
RAW(contention_end, 2, 0, 1)
RAW(ipi_send_cpu, 3, 1, 0)
RAW(ipi_send_cpumask, 4, 1, 1)
RAW(csd_queue_cpu, 5, 3, 0)
RAW(csd_function_entry, 6, 1, 1)
RAW(csd_function_exit, 7, 1, 1)
RAW(call_function_entry, 8, 0, 0)
RAW(call_function_exit, 9, 0, 0)
RAW(call_function_single_entry, 10, 0, 0)
RAW(call_function_single_exit, 11, 0, 0)
RAW(reschedule_entry, 12, 0, 0)
RAW(reschedule_exit, 13, 0, 0)

SEC("raw_tp/tlb_flush")
int tlb_flush(struct bpf_raw_tracepoint_args *c)
{
	if ((int)c->args[0] == TLB_FLUSH_ON_TASK_SWITCH)
		return 0;
	return emit(14, c->args[1], c->args[0]);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, _Bool preempt, struct task_struct *from, struct task_struct *to,
	     unsigned int state)
{
	return emit(15, (u64)(u32)to->pid << 32 | state, from->pid);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup, struct task_struct *task)
{
	return emit(16, 0, task->pid);
}
