/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * tasks.h: who runs, wakes and moves (sched:*), names (fork, exec, exit), and
 * progress: system calls, counted per CPU and handed over at the switch.
 */
#ifndef OSLET_TASKS_H
#define OSLET_TASKS_H

#include "log.h"

/* Words of a switch; the system calls since the last one that was recorded are handed over. */
static __always_inline void write_switch(struct oslet_log *log, u64 *w, u64 now, u64 from_state,
					 u32 to)
{
	u64 calls = log->system_calls;

	log->system_calls = 0;
	w[0] = now << OSLET_TIME_SHIFT | OSLET_SCHED_SWITCH;
	w[1] = from_state;
	w[2] = (u64)to << 32 | (u32)calls;
	append(log, 24);
}

static __always_inline int wanted_of(struct task_struct *task)
{
	return wanted_task(task->tgid, task->pid) && wanted_cgroup(task);
}

/* The long way: with filters, until the run queue is known, on a log that is full or in use. */
static __noinline int switch_asking(struct task_struct *prev, struct task_struct *next, u32 state)
{
	struct oslet_log *log = enabled_log();
	u32 before;
	u64 *w, now;

	if (!log || !(wanted_of(prev) || wanted_of(next)))
		return 0;
	if (!enter(log, OSLET_SCHED_SWITCH, &before))
		return 0;
	now = bpf_ktime_get_ns();
	/* System calls stay for the next switch that is recorded. */
	if (aggregates(log)) {
		counted(log, OSLET_SCHED_SWITCH, now);
		leave(log, before);
		return 0;
	}
	w = room(log, 24);
	if (!w) {
		leave(log, before);
		return missed(OSLET_SCHED_SWITCH, 0);
	}
	write_switch(log, w, now, (u64)(u32)prev->pid << 32 | state, next->pid);
	if (!log->runqueue && bpf_core_field_exists(struct cfs_rq, rq))
		log->runqueue = (u64)next->se.cfs_rq->rq;
	leave(log, before);
	return 0;
}

/* The prev_state argument came with 5.18. */
SEC("?tp_btf/sched_switch")
int BPF_PROG(sched_switch, _Bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	struct oslet_log *log = this_log();
	u32 state = preempt ? 0 : prev_state;
	u64 now;

	if (!log)
		return 0;
	if (!log->runqueue || !enter_plainly(log))
		return switch_asking(prev, next, state);
	now = bpf_ktime_get_ns();
	write_switch(log, place(log), now, (u64)(u32)prev->pid << 32 | state, next->pid);
	leave(log, OSLET_FREE);
	return 0;
}

/* No guard and no record: a system call enters no other probe, and is not entered by one. */
SEC("?raw_tp/sys_enter")
int sys_enter(struct bpf_raw_tracepoint_args *c)
{
	struct oslet_log *log = enabled_log();

	if (log)
		log->system_calls++;
	return 0;
}

SEC("?tp_btf/sched_waking")
int BPF_PROG(sched_waking, struct task_struct *p)
{
	return record(OSLET_SCHED_WAKING, 3, p->thread_info.cpu, (u32)p->pid, 0, 0);
}

SEC("?tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup, struct task_struct *p)
{
	return record(OSLET_SCHED_WAKEUP, 3, p->thread_info.cpu, (u32)p->pid, 0, 0);
}

/* A new task's first wake-up is an event of its own in the kernel; here it is a wake-up. */
SEC("?tp_btf/sched_wakeup_new")
int BPF_PROG(sched_wakeup_new, struct task_struct *p)
{
	return record(OSLET_SCHED_WAKEUP, 3, p->thread_info.cpu, (u32)p->pid, 0, 0);
}

SEC("?tp_btf/sched_migrate_task")
int BPF_PROG(sched_migrate_task, struct task_struct *p, int dest_cpu)
{
	return record(OSLET_SCHED_MIGRATE, 3, dest_cpu,
		      (u64)(u32)p->pid << 32 | p->thread_info.cpu, 0, 0);
}

SEC("?tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	u64 *comm = (u64 *)child->comm;
	u32 tgid = child->tgid, from = parent->tgid;

	if (filter_processes && bpf_map_lookup_elem(&processes, &from)) {
		u8 yes = 1;

		bpf_map_update_elem(&processes, &tgid, &yes, BPF_ANY);
	}
	return record(OSLET_FORK, 5, child->pid, comm[0], comm[1], tgid);
}

SEC("?tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *p)
{
	u64 *comm = (u64 *)p->comm;

	return record(OSLET_EXEC, 5, 0, comm[0], comm[1], (u32)p->tgid);
}

/* The name again: what prctl(PR_SET_NAME) made of it is in no other event here. */
SEC("?tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit, struct task_struct *p)
{
	u64 *comm = (u64 *)p->comm;

	return record(OSLET_EXIT, 5, 0, comm[0], comm[1], (u32)p->tgid);
}

#endif
