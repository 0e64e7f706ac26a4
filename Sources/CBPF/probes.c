#include "CBPF.h"

struct bpf_object *oslet_open_probes(const void *image, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "oslet");

	return bpf_object__open_mem(image, size, &options);
}

int oslet_run_program(int program, int times)
{
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = times);

	return bpf_prog_test_run_opts(program, &options);
}
