/* A flag that two CPUs pass to and fro, with other lines that each dirties while it has the turn. */
#include "CCalibration.h"
#include "pair.h"

static inline void dirty(struct pair *pair) {
  for (int line = 0; line < pair->extra; line++) {
    uint64_t value = atomic_load_explicit(&pair->lines[line].value, memory_order_relaxed);
    atomic_store_explicit(&pair->lines[line].value, value + 1, memory_order_relaxed);
  }
}

/* Odd turns are the first side's, even ones the second's. */
static int play(struct pair *pair, int side, int rounds, uint64_t turn) {
  for (int round = 0; round < rounds; round++, turn += 2) {
    if (side == 0) {
      dirty(pair);
      atomic_store_explicit(&pair->flag.value, turn + 1, memory_order_release);
      if (!wait_for(pair, &pair->flag, turn + 2)) return 0;
    } else {
      if (!wait_for(pair, &pair->flag, turn + 1)) return 0;
      dirty(pair);
      atomic_store_explicit(&pair->flag.value, turn + 2, memory_order_release);
    }
  }
  return 1;
}

/* Rounds before the clock starts: caches, frequency and the other thread are warm by then. */
#define WARM 64

static void *serve(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 0) || !play(pair, 0, WARM, 0)) return NULL;
  double begin = now();
  if (play(pair, 0, pair->rounds, 2 * WARM)) {
    pair->nanoseconds = (now() - begin) / (2.0 * pair->rounds);
  }
  return NULL;
}

static void *answer(void *argument) {
  struct pair *pair = argument;
  if (start(pair, 1)) play(pair, 1, WARM + pair->rounds, 0);
  return NULL;
}

double calibration_ping_pong(int a, int b, int rounds, int lines) {
  return run_apart(a, b, rounds, lines, serve, answer, NULL);
}
