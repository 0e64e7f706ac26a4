// A load that contends: threads that fight over one directory, one address space, one futex and one
// pipe, for a stated number of seconds. Two threads per CPU at least, so that they also queue.
//
//   rename, create   the directory's i_rwsem           (rwsem; rwlock-rt on PREEMPT_RT)
//   map              mmap_lock, and TLB shootdowns     (rwsem; rwlock-rt on PREEMPT_RT)
//   wait             one futex hash bucket             (spinlock; rtmutex on PREEMPT_RT)
//   pipe             one pipe's mutex                  (mutex; rtmutex on PREEMPT_RT)
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { role_count = 5 };

static atomic_bool done;
static atomic_uint word;
static int pipe_ends[2];

static void rename_once(long thread, unsigned long turn)
{
  char from[64], to[64];
  snprintf(from, sizeof from, "arena/r%ld.%lu", thread, turn & 1);
  snprintf(to, sizeof to, "arena/r%ld.%lu", thread, ~turn & 1);
  rename(from, to);
}

static void create_once(long thread)
{
  char path[64];
  snprintf(path, sizeof path, "arena/c%ld", thread);
  close(open(path, O_CREAT | O_RDWR, 0600));
  unlink(path);
}

static void map_once(void)
{
  const size_t size = 16 * 4096;
  char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED)
    return;
  for (size_t at = 0; at < size; at += 4096)
    map[at] = 1;
  munmap(map, size);
}

// The word never holds 1, so the kernel takes the bucket's lock, compares, and returns.
static void wait_once(void)
{
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
}

// Sixteen pages copied under the pipe's mutex: long enough for a tick to take the owner's CPU away.
static void pipe_once(void)
{
  char block[16 * 4096];
  memset(block, 0, sizeof block);
  if (write(pipe_ends[1], block, sizeof block) < 0 && errno != EAGAIN)
    perror("storm: write");
  if (read(pipe_ends[0], block, sizeof block) < 0 && errno != EAGAIN)
    perror("storm: read");
}

static void *fight(void *argument)
{
  const long thread = (long)argument;
  if (thread % role_count == 0) {
    char path[64];
    snprintf(path, sizeof path, "arena/r%ld.0", thread);
    close(open(path, O_CREAT | O_RDWR, 0600));
  }
  for (unsigned long turn = 0; !atomic_load_explicit(&done, memory_order_relaxed); turn++)
    switch (thread % role_count) {
    case 0: rename_once(thread, turn); break;
    case 1: create_once(thread); break;
    case 2: map_once(); break;
    case 3: wait_once(); break;
    case 4: pipe_once(); break;
    }
  return NULL;
}

int main(int count, char **arguments)
{
  const int seconds = count > 1 ? atoi(arguments[1]) : 3;
  const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  const long threads = role_count * ((2 * cpus + role_count - 1) / role_count + 1);
  pthread_t *handles = calloc(threads, sizeof *handles);
  if (!handles || pipe2(pipe_ends, O_NONBLOCK) || (mkdir("/tmp/arena", 0700) && errno != EEXIST) || chdir("/tmp"))
    return perror("storm"), 1;
  for (long thread = 0; thread < threads; thread++)
    if (pthread_create(&handles[thread], NULL, fight, (void *)thread))
      return fputs("storm: cannot start a thread\n", stderr), 1;
  sleep(seconds);
  atomic_store(&done, 1);
  for (long thread = 0; thread < threads; thread++)
    pthread_join(handles[thread], NULL);
  return 0;
}
