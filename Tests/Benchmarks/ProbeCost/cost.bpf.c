// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a record costs, by transport, on lock:contention_begin and contention_end:
 * nothing at all, a timestamp, the recorder's own probes, and the same record
 * through BPF ring buffers (reserve and submit): one of this CPU's own without
 * wake-ups and with a guard, and one for all CPUs as the map comes.
 */
#include "contention.h"
#include "../rings.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} guards SEC(".maps");

static __always_inline void ring_record(void *ring, u64 flags, u32 kind, u32 low, u64 a)
{
	u64 *w = bpf_ringbuf_reserve(ring, 24, 0);

	if (!w)
		return;
	w[0] = bpf_ktime_get_ns() << OSLET_TIME_SHIFT | kind;
	if (kind == OSLET_CONTENTION_BEGIN)
		low |= owner_bits(a, low);
	w[1] = bpf_get_current_pid_tgid() << 32 | low;
	w[2] = a;
	bpf_ringbuf_submit(w, flags);
}

static __always_inline int own_ring_record(u32 kind, u32 low, u64 a)
{
	u32 cpu = bpf_get_smp_processor_id(), zero = 0;
	u64 *busy = bpf_map_lookup_elem(&guards, &zero);
	void *ring = bpf_map_lookup_elem(&rings, &cpu);

	if (!busy || !ring || *busy)
		return 0;
	*(volatile u64 *)busy = 1;
	ring_record(ring, BPF_RB_NO_WAKEUP, kind, low, a);
	*(volatile u64 *)busy = 0;
	return 0;
}

SEC("?tp_btf/contention_begin")
int BPF_PROG(empty_begin, void *lock, unsigned int flags)
{
	return 0;
}

SEC("?tp_btf/contention_end")
int BPF_PROG(empty_end, void *lock, int ret)
{
	return 0;
}

u64 clock[64];

SEC("?tp_btf/contention_begin")
int BPF_PROG(clock_begin, void *lock, unsigned int flags)
{
	clock[bpf_get_smp_processor_id() & 7 << 3] = bpf_ktime_get_ns();
	return 0;
}

SEC("?tp_btf/contention_end")
int BPF_PROG(clock_end, void *lock, int ret)
{
	clock[bpf_get_smp_processor_id() & 7 << 3] = bpf_ktime_get_ns();
	return 0;
}

SEC("?tp_btf/contention_begin")
int BPF_PROG(ring_begin, void *lock, unsigned int flags)
{
	return own_ring_record(OSLET_CONTENTION_BEGIN, flags, (u64)lock);
}

SEC("?tp_btf/contention_end")
int BPF_PROG(ring_end, void *lock, int ret)
{
	return own_ring_record(OSLET_CONTENTION_END, ret, (u64)lock);
}

SEC("?tp_btf/contention_begin")
int BPF_PROG(common_ring_begin, void *lock, unsigned int flags)
{
	ring_record(&ring0, 0, OSLET_CONTENTION_BEGIN, flags, (u64)lock);
	return 0;
}

SEC("?tp_btf/contention_end")
int BPF_PROG(common_ring_end, void *lock, int ret)
{
	ring_record(&ring0, 0, OSLET_CONTENTION_END, ret, (u64)lock);
	return 0;
}
