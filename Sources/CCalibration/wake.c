/* What waking a sleeper costs: across CPUs, and between two threads of one. */
#include "CCalibration.h"
#include "pair.h"

/* Long enough for the sleeper to be off its CPU, and short of the deeper idle states. */
#define SETTLE_NS 20e3

/* Sleeps until the line no longer holds `value`. */
static void sleep_while(struct pair *pair, struct apart *line, uint64_t value) {
  double deadline = now() + 1e9;
  while (atomic_load(&line->value) == value && !atomic_load(&pair->failed.value)) {
    futex(line, FUTEX_WAIT, (uint32_t)value);
    if (now() > deadline) fail(pair, ETIMEDOUT);
  }
}

/* flag: the round; lines[0]: the round the sleeper is about to sleep for; lines[1]: the round it woke
 * in; lines[2]: when, in nanoseconds of the clock. */
static void *time_wakes(void *argument) {
  struct pair *pair = argument;
  double *samples = calloc((size_t)pair->rounds * 2, sizeof *samples);
  if (!samples) fail(pair, ENOMEM);
  if (start(pair, 0)) {
    double *call = samples, *latency = samples + pair->rounds;
    int found = 0;
    for (int round = 1; round <= pair->rounds; round++) {
      if (!wait_for(pair, &pair->lines[0], (uint64_t)round)) break;
      double settled = now() + SETTLE_NS;
      while (now() < settled) {}
      atomic_store(&pair->flag.value, (uint64_t)round);
      double begin = now();
      long woken = futex(&pair->flag, FUTEX_WAKE, 1);
      double end = now();
      if (!wait_for(pair, &pair->lines[1], (uint64_t)round)) break;
      if (woken == 1) {
        call[found] = end - begin;
        latency[found] = (double)atomic_load(&pair->lines[2].value) - begin;
        found++;
      }
    }
    if (found == 0) fail(pair, ETIMEDOUT);
    pair->nanoseconds = median(call, found);
    pair->more[0] = median(latency, found);
  }
  free(samples);
  return NULL;
}

static void *be_woken(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 1)) return NULL;
  for (uint64_t round = 1; round <= (uint64_t)pair->rounds; round++) {
    atomic_store(&pair->lines[0].value, round);
    sleep_while(pair, &pair->flag, round - 1);
    atomic_store(&pair->lines[2].value, (uint64_t)now());
    atomic_store(&pair->lines[1].value, round);
    if (atomic_load(&pair->failed.value)) break;
  }
  return NULL;
}

struct calibration_wake calibration_futex_wake(int a, int b, int rounds) {
  struct calibration_wake result = {0};
  double more[3] = {0};
  double call = run_apart(a, b, rounds, 0, time_wakes, be_woken, more);
  if (call < 0) {
    result.error = call;
  } else {
    result.call = call;
    result.latency = more[0];
  }
  return result;
}

/* Two threads of one CPU hand a turn to and fro; flag: whose it is. Pinned by their creator's mask,
 * they never run at once. */
static void *take_turns(struct pair *pair, uint64_t side) {
  int error = pin(pair->cpu[0]);
  if (error) fail(pair, error);
  double begin = now();
  for (int round = 0; round < pair->rounds && !atomic_load(&pair->failed.value); round++) {
    sleep_while(pair, &pair->flag, 1 - side);
    atomic_store(&pair->flag.value, 1 - side);
    futex(&pair->flag, FUTEX_WAKE, 1);
  }
  if (side == 0) {
    double turns = (now() - begin) / (2.0 * pair->rounds);
    begin = now();
    for (int round = 0; round < pair->rounds; round++) {
      futex(&pair->ready, FUTEX_WAKE, 1);
      futex(&pair->ready, FUTEX_WAIT, 1);
    }
    double calls = (now() - begin) / pair->rounds;
    pair->nanoseconds = turns > calls ? turns - calls : 0;
  }
  return NULL;
}

static void *first_turn(void *argument) { return take_turns(argument, 0); }

static void *second_turn(void *argument) { return take_turns(argument, 1); }

double calibration_context_switch(int cpu, int rounds) {
  return run_pair(cpu, cpu, rounds, 0, first_turn, second_turn, NULL);
}
