/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * interrupts.h: who interrupts whom. csd:* (6.5), ipi:ipi_send_* (6.4),
 * irq_vectors:* and tlb:tlb_flush (x86).
 *
 * Raw tracepoints where an argument is a function pointer, which the verifier
 * lets no tp_btf program read.
 */
#ifndef OSLET_INTERRUPTS_H
#define OSLET_INTERRUPTS_H

#include "trigger.h"

/* (unsigned int cpu, unsigned long callsite, smp_call_func_t func, call_single_data_t *csd) */
SEC("?raw_tp/csd_queue_cpu")
int csd_queue_cpu(struct bpf_raw_tracepoint_args *c)
{
	flight_begins(c->args[3]);
	return record(OSLET_CSD_QUEUE, 5, c->args[0], c->args[3], c->args[2], c->args[1]);
}

/* (smp_call_func_t func, call_single_data_t *csd) */
SEC("?raw_tp/csd_function_entry")
int csd_function_entry(struct bpf_raw_tracepoint_args *c)
{
	record(OSLET_CSD_FUNCTION_ENTRY, 4, 0, c->args[1], c->args[0], 0);
	flight_ends(c->args[1], c->args[0]);
	return 0;
}

SEC("?raw_tp/csd_function_exit")
int csd_function_exit(struct bpf_raw_tracepoint_args *c)
{
	return record(OSLET_CSD_FUNCTION_EXIT, 4, 0, c->args[1], c->args[0], 0);
}

/* (unsigned int cpu, unsigned long callsite, void *callback) */
SEC("?raw_tp/ipi_send_cpu")
int ipi_send_cpu(struct bpf_raw_tracepoint_args *c)
{
	return record(OSLET_IPI_SEND_CPU, 4, c->args[0], c->args[1], c->args[2], 0);
}

/*
 * (const struct cpumask *cpumask, unsigned long callsite, void *callback)
 * One record for each word of the mask that is not zero. 128 words: 8192 CPUs.
 */
SEC("?raw_tp/ipi_send_cpumask")
int ipi_send_cpumask(struct bpf_raw_tracepoint_args *c)
{
	const unsigned long *words = (const unsigned long *)c->args[0];
	u32 first = OSLET_MASK_FIRST;

	for (u32 i = 0; i < 128 && i < mask_words; i++) {
		u64 bits = 0;

		if (bpf_probe_read_kernel(&bits, sizeof(bits), words + i) || !bits)
			continue;
		record(OSLET_IPI_SEND_MASK, 5, i | first, c->args[1], c->args[2], bits);
		first = 0;
	}
	return 0;
}

#define VECTOR(name, KIND)						\
	SEC("?raw_tp/" #name)						\
	int name(struct bpf_raw_tracepoint_args *c)			\
	{								\
		return record(KIND, 2, c->args[0], 0, 0, 0);		\
	}

VECTOR(call_function_entry, OSLET_CALL_FUNCTION_ENTRY)
VECTOR(call_function_exit, OSLET_CALL_FUNCTION_EXIT)
VECTOR(call_function_single_entry, OSLET_CALL_FUNCTION_SINGLE_ENTRY)
VECTOR(call_function_single_exit, OSLET_CALL_FUNCTION_SINGLE_EXIT)
VECTOR(reschedule_entry, OSLET_RESCHEDULE_ENTRY)
VECTOR(reschedule_exit, OSLET_RESCHEDULE_EXIT)

/* (int reason, unsigned long pages) */
SEC("?raw_tp/tlb_flush")
int tlb_flush(struct bpf_raw_tracepoint_args *c)
{
	if ((int)c->args[0] == TLB_FLUSH_ON_TASK_SWITCH)
		return 0;
	return record(OSLET_TLB_FLUSH, 3, c->args[0], c->args[1], 0, 0);
}

#endif
