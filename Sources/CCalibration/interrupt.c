/* A function-call IPI seen from both ends, without privilege: membarrier sends it, and the thread it
 * stops sees a hole in its own readings of the clock. */
#include <linux/membarrier.h>

#include "CCalibration.h"
#include "pair.h"

/* Lines of the pair: the watcher's state, the round the sender asked for and the one the watcher
 * looks at, and the ends of its largest hole in that round, in nanoseconds of the clock. */
enum { STATE, ASKED, SEEN, HOLE_BEGIN, HOLE_END };
enum { STARTING, WATCHING, STOP, STOPPED };

/* Long enough for the watcher to leave the handler and to say what it saw. */
#define SETTLE_NS 3e3

static int membarrier(int command) { return (int)syscall(SYS_membarrier, command, 0, 0); }

static void pass(double nanoseconds) {
  double until = now() + nanoseconds;
  while (now() < until) {}
}

static void *watch_clock(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 1)) return NULL;
  uint64_t round = 0;
  double largest = 0;
  atomic_store(&pair->lines[STATE].value, WATCHING);
  double previous = now();
  while (atomic_load_explicit(&pair->lines[STATE].value, memory_order_relaxed) == WATCHING) {
    double time = now();
    uint64_t asked = atomic_load_explicit(&pair->lines[ASKED].value, memory_order_relaxed);
    if (asked != round) {
      round = asked;
      largest = 0;
      atomic_store_explicit(&pair->lines[SEEN].value, round, memory_order_release);
      time = now();
    } else if (time - previous > largest) {
      largest = time - previous;
      atomic_store_explicit(
          &pair->lines[HOLE_BEGIN].value, (uint64_t)previous, memory_order_relaxed);
      atomic_store_explicit(&pair->lines[HOLE_END].value, (uint64_t)time, memory_order_release);
      time = now();
    }
    previous = time;
  }
  atomic_store(&pair->lines[STATE].value, STOPPED);
  return NULL;
}

/* One call per round, with the hole it made; rounds whose largest hole did not begin during the call
 * (a timer tick, another program on that CPU) are left out. Fills call, until_stopped, stopped. */
static int measure(struct pair *pair, double *samples) {
  double *call = samples, *until = samples + pair->rounds, *stopped = until + pair->rounds;
  int seen = 0;
  for (int round = 1; round <= pair->rounds; round++) {
    atomic_store_explicit(&pair->lines[ASKED].value, (uint64_t)round, memory_order_release);
    if (!wait_for(pair, &pair->lines[SEEN], (uint64_t)round)) return 0;
    pass(SETTLE_NS);
    double begin = now();
    membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    double end = now();
    pass(SETTLE_NS);
    double hole_end =
        (double)atomic_load_explicit(&pair->lines[HOLE_END].value, memory_order_acquire);
    double hole_begin =
        (double)atomic_load_explicit(&pair->lines[HOLE_BEGIN].value, memory_order_relaxed);
    call[round - 1] = end - begin;
    if (hole_begin >= begin && hole_begin < end) {
      until[seen] = hole_begin - begin;
      stopped[seen] = hole_end - hole_begin;
      seen++;
    }
  }
  pair->nanoseconds = median(call, pair->rounds);
  pair->more[1] = median(until, seen);
  pair->more[2] = median(stopped, seen);
  return 1;
}

static void *send_barriers(void *argument) {
  struct pair *pair = argument;
  double *samples = calloc((size_t)pair->rounds * 3, sizeof *samples);
  if (!samples) fail(pair, ENOMEM);
  if (start(pair, 0) && wait_for(pair, &pair->lines[STATE], WATCHING)) {
    int measured = measure(pair, samples);
    atomic_store(&pair->lines[STATE].value, STOP);
    if (measured && wait_for(pair, &pair->lines[STATE], STOPPED)) {
      struct timespec millisecond = {.tv_nsec = 1000000};
      nanosleep(&millisecond, NULL);
      for (int round = 0; round < pair->rounds; round++) {
        double begin = now();
        membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
        samples[round] = now() - begin;
      }
      pair->more[0] = median(samples, pair->rounds);
    }
  } else {
    atomic_store(&pair->lines[STATE].value, STOP);
  }
  free(samples);
  return NULL;
}

struct calibration_ipi calibration_membarrier(int a, int b, int rounds) {
  struct calibration_ipi result = {0};
  if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)) {
    result.error = -errno;
    return result;
  }
  double more[3] = {0};
  double call = run_apart(a, b, rounds, 0, send_barriers, watch_clock, more);
  if (call < 0) {
    result.error = call;
  } else {
    result.call = call;
    result.alone = more[0];
    result.until_stopped = more[1];
    result.stopped = more[2];
  }
  return result;
}
