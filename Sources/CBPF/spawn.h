/* spawn.h: how this process starts others. */
#ifndef OSLET_SPAWN_H
#define OSLET_SPAWN_H

#include <sys/types.h>

/*
 * Forks, with a socket between the two: *end is the caller's end of it, which an exec closes. Returns
 * the child's process id, 0 in the child, or -errno. Since the parent may have threads, the child may
 * make async-signal-safe calls only (signal-safety(7)).
 */
pid_t fork_connected(int *end);

#endif
