// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The probes of OSlet: one object, every program optional ("?"). The recorder
 * turns on those whose tracepoint the running kernel's BTF names.
 */
#include "contention.h"
#include "interrupts.h"
#include "selfcheck.h"
#include "tasks.h"

/*
 * Never attached: run through BPF_PROG_TEST_RUN, it shows what the kernel's own
 * measuring of programs costs, which is taken off the figures of the others. A
 * socket filter because its test run repeats in one call; in that tight loop the
 * measuring is at its cheapest, so what remains for the others is not too low.
 */
SEC("?socket")
int empty(void *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
