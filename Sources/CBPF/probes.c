#include "CBPF.h"

struct bpf_object *oslet_open_probes(const void *image, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "oslet");

	return bpf_object__open_mem(image, size, &options);
}

int oslet_run_program(int program, int times)
{
	for (int i = 0; i < times; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, options);
		int status = bpf_prog_test_run_opts(program, &options);

		if (status)
			return status;
	}
	return 0;
}
