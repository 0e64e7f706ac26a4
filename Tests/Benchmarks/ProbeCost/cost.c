// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe-cost OBJECT SECONDS: net cost per event of each way to write a record.
 *
 * All programs are attached to the same two tracepoints at once and see the same
 * events under whatever load runs beside. The figures are the kernel's own
 * (BPF_ENABLE_STATS: run_time_ns over run_cnt); "net" is less the empty program,
 * which holds the cost of measuring. One JSON line on stdout.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../../Probes/record.h"

#define DATA (4 << 20)
#define PROGRAMS 16

/* Those of contention_begin, then as many of contention_end; of each the empty one first. */
static const char *const names[] = { "empty_begin", "clock_begin", "common_ring_begin", "ring_begin",
	"contention_begin", "empty_end", "clock_end", "common_ring_end", "ring_end", "contention_end" };

static int die(const char *what)
{
	perror(what);
	return 1;
}

static int ignore(void *context, void *data, size_t bytes)
{
	return 0;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list list)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, list) : 0;
}

/* The place of a constant of log.h among the initial values of .rodata. */
static void *constant(struct bpf_object *object, char *values, const char *name)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_type *section =
		btf__type_by_id(btf, btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC));

	for (int i = 0; i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *variable = btf_var_secinfos(section) + i;
		const struct btf_type *type = btf__type_by_id(btf, variable->type);
		if (!strcmp(btf__name_by_offset(btf, type->name_off), name))
			return values + variable->offset;
	}
	exit(die(name));
}

int main(int count, char **arguments)
{
	if (count < 3)
		return 2;
	libbpf_set_print(quiet);
	int cpus = libbpf_num_possible_cpus(), fd[PROGRAMS], n = sizeof(names) / sizeof(*names);
	struct bpf_object *object = bpf_object__open_file(arguments[1], NULL);
	if (!object)
		return die("open");
	for (int i = 0; i < n; i++)
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, names[i]), true);
	struct bpf_map *logs = bpf_object__find_map_by_name(object, "logs");
	size_t stride = sizeof(struct oslet_log) + DATA + OSLET_SLACK;
	bpf_map__set_value_size(logs, stride);
	bpf_map__set_max_entries(logs, cpus);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "rings"), cpus);
	struct bpf_map *map, *rodata = NULL;
	bpf_object__for_each_map(map, object)
		if (strstr(bpf_map__name(map), ".rodata"))
			rodata = map;
	size_t size;
	char *values = (char *)bpf_map__initial_value(rodata, &size);
	*(unsigned long long *)constant(object, values, "data_mask") = DATA - 1;
	*(unsigned char *)constant(object, values, "degrade") = 1; /* as the recorder does */
	*(long long *)constant(object, values, "stack_budget_cap_ns") = 0; /* no stacks */
	if (bpf_object__load(object))
		return die("load");
	struct bpf_map *common = bpf_object__find_map_by_name(object, "ring0");
	struct ring_buffer *buffer = ring_buffer__new(bpf_map__fd(common), ignore, NULL, NULL);
	for (unsigned cpu = 0; cpu < (unsigned)cpus; cpu++) {
		int ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, 1 << 23, NULL);
		bpf_map_update_elem(bpf_map__fd(bpf_object__find_map_by_name(object, "rings")), &cpu, &ring, 0);
		ring_buffer__add(buffer, ring, ignore, NULL);
	}
	char *base = mmap(NULL, stride * cpus, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(logs), 0);
	if (base == MAP_FAILED)
		return die("mmap");
	for (int i = 0; i < n; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, names[i]);
		fd[i] = bpf_program__fd(program);
		if (!bpf_program__attach(program))
			return die(names[i]);
	}
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (stats < 0)
		return die("statistics");
	for (int cpu = 0; cpu < cpus; cpu++)
		((struct oslet_log *)(base + stride * cpu))->enabled = 1;
	unsigned long long lost = 0, suppressed = 0;
	for (int i = 0; i < atoi(arguments[2]) * 100; i++) {
		usleep(10000);
		ring_buffer__consume(buffer);
		for (int cpu = 0; cpu < cpus; cpu++) {
			struct oslet_log *log = (void *)(base + stride * cpu);
			__atomic_store_n(&log->consumed, __atomic_load_n(&log->produced, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
		}
	}
	double ns[PROGRAMS];
	unsigned long long runs[PROGRAMS];
	for (int i = 0; i < n; i++) {
		struct bpf_prog_info info = { 0 };
		__u32 length = sizeof(info);
		bpf_obj_get_info_by_fd(fd[i], &info, &length);
		runs[i] = info.run_cnt;
		ns[i] = info.run_cnt ? (double)info.run_time_ns / info.run_cnt : 0;
	}
	for (int cpu = 0; cpu < cpus; cpu++) {
		struct oslet_log *log = (void *)(base + stride * cpu);
		for (int kind = 0; kind < OSLET_KINDS; kind++)
			lost += log->missed[kind].lost, suppressed += log->missed[kind].suppressed;
	}
	int half = n / 2;
	printf("{\"events\":%llu,\"lost\":%llu,\"suppressed\":%llu,\"empty_ns\":%.1f", runs[0] + runs[half],
	       lost, suppressed, ns[0]);
	for (int i = 1; i < n; i++)
		if (i != half)
			printf(",\"%s_net_ns\":%.1f", names[i], ns[i] - ns[i / half * half]);
	printf("}\n");
	return 0;
}
