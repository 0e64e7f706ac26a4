#define _GNU_SOURCE
#include "CBPF.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t oslet_spawn_held(char *const *arguments, int *gate)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;

	pid_t child = fork();
	if (child < 0) {
		int error = errno;

		close(ends[0]);
		close(ends[1]);
		return -error;
	}
	if (child == 0) {
		/* Only async-signal-safe calls from here: the parent may have threads. */
		sigset_t none;
		char go;

		close(ends[1]);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		if (read(ends[0], &go, 1) != 1)
			_exit(125); /* the recorder is gone */
		execvp(arguments[0], arguments);
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(ends[0]);
	*gate = ends[1];
	return child;
}
