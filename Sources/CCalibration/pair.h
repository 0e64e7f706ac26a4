/* Two pinned threads that start together and give up together. */
#ifndef CALIBRATION_PAIR_H
#define CALIBRATION_PAIR_H

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Two adjacent lines travel together on x86 (the spatial prefetcher), so what must not is kept 256
 * bytes apart. Source: Intel 64 and IA-32 Architectures Optimization Reference Manual, "Data
 * Prefetching": the spatial prefetcher completes pairs of lines, 128 bytes. */
#define APART 256
#define MOST_LINES 16
#define MOST_THREADS 256
#define RING_SLOTS 64

struct apart {
  _Alignas(APART) _Atomic uint64_t value;
};

struct slot {
  _Alignas(64) _Atomic uint64_t sequence;
  uint64_t payload[7];
};

struct pair {
  struct apart ready;
  struct apart failed;
  struct apart flag;
  struct apart lines[MOST_LINES];
  struct slot request[RING_SLOTS];
  struct slot reply[RING_SLOTS];
  struct apart sleepers[2];
  int cpu[2];
  int rounds;
  int extra;
  double nanoseconds;
  double more[3];
};

static inline double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The private futex call on the low half of a line. */
static inline long futex(struct apart *line, int operation, uint32_t value) {
  struct timespec second = {.tv_sec = 1};
  return syscall(
      SYS_futex, (uint32_t *)&line->value, operation | FUTEX_PRIVATE_FLAG, value,
      operation == FUTEX_WAIT ? &second : NULL, NULL, 0);
}

static inline int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median of `count` values, which are sorted; 0 for none. */
static inline double median(double *values, int count) {
  if (count == 0) return 0;
  qsort(values, (size_t)count, sizeof *values, by_value);
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static inline int pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

static inline void fail(struct pair *pair, int error) {
  uint64_t none = 0;
  atomic_compare_exchange_strong(&pair->failed.value, &none, (uint64_t)error);
}

/* Spins until the line holds `wanted`. No pause instruction: it would add its own 40 to 140 cycles
 * to what is measured. False when anyone failed or a second went by. */
static inline int wait_for(struct pair *pair, struct apart *line, uint64_t wanted) {
  double deadline = 0;
  for (uint32_t spins = 1;; spins++) {
    if (atomic_load_explicit(&line->value, memory_order_acquire) == wanted) return 1;
    if ((spins & 0xffff) == 0) {
      if (atomic_load(&pair->failed.value)) return 0;
      if (deadline == 0) deadline = now() + 1e9;
      if (now() > deadline) {
        fail(pair, ETIMEDOUT);
        return 0;
      }
    }
  }
}

/* Pins the calling thread and waits for the other. */
static inline int start(struct pair *pair, int side) {
  int error = pin(pair->cpu[side]);
  if (error) {
    fail(pair, error);
    return 0;
  }
  atomic_fetch_add(&pair->ready.value, 1);
  return wait_for(pair, &pair->ready, 2);
}

/* Runs `first` on CPU a and `second` on CPU b; what `first` measured, or a negative errno. `more`,
 * where not NULL, takes the pair's three further results. */
double run_pair(
    int a, int b, int rounds, int extra, void *(*first)(void *), void *(*second)(void *),
    double *more);

/* The same for two CPUs that must differ: -EINVAL when they do not. */
static inline double run_apart(
    int a, int b, int rounds, int extra, void *(*first)(void *), void *(*second)(void *),
    double *more) {
  return a == b ? -EINVAL : run_pair(a, b, rounds, extra, first, second, more);
}

#endif
