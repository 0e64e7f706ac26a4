#define _GNU_SOURCE
#include "CBPF.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

struct bpf_object *oslet_open_probes(const void *image, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "oslet");

	return bpf_object__open_mem(image, size, &options);
}

/*
 * The linker's --wrap puts this in front of libbpf's. Looking for a weak kernel function that this
 * kernel lacks (bpf_get_kmem_cache before 6.13), libbpf 1.1 lists the BTF of all modules, which takes
 * CAP_SYS_ADMIN, and fails where it may not (load_module_btfs; mended by "libbpf: skip modules BTF
 * loading when CAP_SYS_ADMIN is missing"). There are none, then.
 */
int __real_bpf_btf_get_next_id(__u32 start, __u32 *next);
int __wrap_bpf_btf_get_next_id(__u32 start, __u32 *next)
{
	int status = __real_bpf_btf_get_next_id(start, next);

	if (status && errno == EPERM) {
		errno = ENOENT;
		return -ENOENT;
	}
	return status;
}

void oslet_wait_for_probes(void)
{
	/* synchronize_rcu(): programs of tracepoints run under its read side (__bpf_trace_run). */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

int oslet_run_program(int program, int times)
{
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = times);

	return bpf_prog_test_run_opts(program, &options);
}
