// SPDX-License-Identifier: GPL-2.0-only
/*
 * bare OBJECT FILE [lock]: records into FILE until SIGINT, with the probes of OBJECT;
 * "lock": contention_begin and contention_end alone. Prints what it recorded.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	stopped = 1;
}

static int keep(void *file, void *data, size_t bytes)
{
	return fwrite(data, bytes, 1, file) == 1 ? 0 : -1;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list list)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, list) : 0;
}

static int die(const char *what)
{
	perror(what);
	return 1;
}

int main(int count, char **arguments)
{
	if (count < 3)
		return 2;
	libbpf_set_print(quiet);
	int cpus = libbpf_num_possible_cpus();
	struct bpf_object *object = bpf_object__open_file(arguments[1], NULL);
	FILE *file = fopen(arguments[2], "w");
	if (!object || !file)
		return die("open");
	static char buffer[1 << 20];
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	struct bpf_program *program;
	bpf_object__for_each_program(program, object)
		if (count > 3 && strncmp(bpf_program__name(program), "contention", 10))
			bpf_program__set_autoload(program, false);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "rings"), cpus);
	if (bpf_object__load(object))
		return die("load");
	struct ring_buffer *rings = NULL;
	for (unsigned cpu = 0; cpu < (unsigned)cpus; cpu++) {
		int ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, 1 << 23, NULL);
		bpf_map_update_elem(bpf_map__fd(bpf_object__find_map_by_name(object, "rings")), &cpu, &ring, 0);
		if (rings)
			ring_buffer__add(rings, ring, keep, file);
		else
			rings = ring_buffer__new(ring, keep, file, NULL);
	}
	struct bpf_link *links[32];
	int attached = 0;
	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) && !(links[attached++] = bpf_program__attach(program)))
			return die(bpf_program__name(program));
	signal(SIGINT, stop);
	puts("ready");
	fflush(stdout);
	while (!stopped) {
		usleep(20000);
		ring_buffer__consume(rings);
	}
	while (attached)
		bpf_link__destroy(links[--attached]);
	ring_buffer__consume(rings);
	struct { unsigned long long written, lost, nested, busy; } accounts[cpus], sum = { 0 };
	unsigned zero = 0;
	bpf_map_lookup_elem(bpf_map__fd(bpf_object__find_map_by_name(object, "accounts")), &zero, accounts);
	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.written += accounts[cpu].written;
		sum.lost += accounts[cpu].lost + accounts[cpu].nested;
	}
	printf("recorded %llu events; lost %llu\n", sum.written, sum.lost);
	return fclose(file) ? die("close") : 0;
}
