/*
 * CBPF: the C side of the recorder. libbpf, the record layout shared with the
 * probes, the Linux calls that Swift's Glibc module does not carry, and a few
 * functions that Swift cannot express.
 */
#ifndef CBPF_H
#define CBPF_H

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <zlib.h>

#include "../../../Probes/record.h"

/* linux/btf.h and libbpf's btf.h both name these, once as a macro: Swift sees no one meaning. */
enum {
	oslet_btf_typedef = BTF_KIND_TYPEDEF,
	oslet_btf_func = BTF_KIND_FUNC,
	oslet_btf_datasec = BTF_KIND_DATASEC,
	oslet_btf_array = BTF_KIND_ARRAY,
	oslet_btf_struct = BTF_KIND_STRUCT,
	oslet_btf_union = BTF_KIND_UNION,
	oslet_btf_const = BTF_KIND_CONST,
	oslet_btf_volatile = BTF_KIND_VOLATILE,
};

/* The recorder and the probes share the positions of a log: these pair with publish(). */
static inline uint64_t oslet_load_acquire(const uint64_t *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

static inline void oslet_store_release(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static inline void oslet_set_enabled(struct oslet_log *log, uint32_t enabled)
{
	__atomic_store_n(&log->enabled, enabled, __ATOMIC_RELEASE);
}

/*
 * Starts a command that waits before its first instruction. *gate is the
 * descriptor that lets it go: write one byte, then close. Returns the process
 * id or -errno. When the command cannot be executed the child exits with 127
 * (not found) or 126, as shells do.
 */
pid_t oslet_spawn_held(char *const *arguments, int *gate);

/* The CPUs the calling thread may run on, a bit each. 0 or -errno. */
int oslet_get_affinity(uint64_t *mask, size_t bytes);
int oslet_set_affinity(const uint64_t *mask, size_t bytes);

/*
 * Leaves this process the capabilities in `keep` (a bit for each number) and none that an exec
 * could give it; with `changes_user` also makes it that user's, without further groups. Sets are a
 * thread's own: call it before there are others. 0 or -errno.
 */
int oslet_drop_privileges(int changes_user, uid_t user, gid_t group, uint64_t keep);

/*
 * Starts a process that holds CAP_SYS_ADMIN and nothing else, to turn the kernel's statistics of
 * BPF programs on and off: one byte on the socket *commands, 1 or 0, answered by what they are then.
 * It ends when the socket is closed. Returns its process id or -errno.
 */
pid_t oslet_spawn_statistics_switch(int *commands);

/*
 * Opens an object that lies in memory. A function because libbpf's way to pass
 * options is a macro. Null on failure, with errno.
 */
struct bpf_object *oslet_open_probes(const void *image, size_t size);

/*
 * Returns when every probe that was running has ended. The kernel refuses to wait on a machine with
 * CPUs that are free of its tick (nohz_full); a probe that is taken off can then run a moment longer.
 */
void oslet_wait_for_probes(void);

/* Runs a socket filter `times` times on an empty packet (BPF_PROG_TEST_RUN). 0 or -errno. */
int oslet_run_program(int program, int times);

/* CPUID leaf 0x40000000: the hypervisor's 12-byte signature; 0 without one. */
int oslet_hypervisor_signature(char signature[13]);

/*
 * What KVM offers its guest for spinlocks: bit 0 set when a waiter can be woken
 * by a kick (KVM_FEATURE_PV_UNHALT), bit 1 when the guest was told that its
 * CPUs are not shared (KVM_HINTS_REALTIME). Only under KVM.
 */
int oslet_kvm_spinlock_features(void);

/* The system's last error number, which Swift may not read across a call boundary. */
static inline int oslet_errno(void)
{
	return errno;
}

#endif
