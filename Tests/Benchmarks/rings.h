/* SPDX-License-Identifier: GPL-2.0-only */
/* rings.h: a BPF ring buffer of 8 MiB for each CPU; the program that loads this makes all but the first. */
#ifndef OSLET_RINGS_H
#define OSLET_RINGS_H

#include "kernel.h"

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} ring0 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);			/* set before loading: CPUs */
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

#endif
