#define _GNU_SOURCE
#include "spawn.h"
#include "CBPF.h"

#include <errno.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The calling thread's permitted and effective sets; glibc has no wrapper. */
static int set_capabilities(uint64_t sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct halves[2] = {
		{ .effective = (uint32_t)sets, .permitted = (uint32_t)sets },
		{ .effective = (uint32_t)(sets >> 32), .permitted = (uint32_t)(sets >> 32) },
	};

	return syscall(SYS_capset, &header, halves) ? -errno : 0;
}

int oslet_drop_privileges(int changes_user, uid_t user, gid_t group, uint64_t keep)
{
	if (changes_user) {
		/* Else leaving user 0 clears every set at once (capabilities(7)). */
		if (prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L))
			return -errno;
		if (setgroups(0, NULL) || setresgid(group, group, group) ||
		    setresuid(user, user, user))
			return -errno;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L))
		return -errno;
	return set_capabilities(keep);
}

/* Turns statistics on at 1 and off at 0, answering with the byte or 0 on failure, to the end. */
static void switch_statistics(int commands)
{
	union bpf_attr attr = { .enable_stats.type = BPF_STATS_RUN_TIME };
	int statistics = -1;
	char on;

	while (read(commands, &on, 1) == 1) {
		if (statistics >= 0)
			close(statistics);
		statistics = on ? (int)syscall(SYS_bpf, BPF_ENABLE_STATS, &attr, sizeof(attr)) : -1;
		on = statistics >= 0;
		if (write(commands, &on, 1) != 1)
			return;
	}
}

pid_t oslet_spawn_statistics_switch(int *commands)
{
	pid_t child = fork_connected(commands);
	if (child == 0) {
		sigset_t all;

		/* It ends with the recorder, whose end closes the socket, and with nothing else. */
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		prctl(PR_SET_NAME, "oslet-stats");
		dup2(*commands, 0);
		syscall(SYS_close_range, 1U, ~0U, 0U);
		if (!set_capabilities(1ull << CAP_SYS_ADMIN))
			switch_statistics(0);
		_exit(0);
	}
	return child;
}
