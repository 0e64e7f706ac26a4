/* What one CPU pays alone. */
#include "CCalibration.h"
#include "pair.h"

enum kind { ATOMIC, SYSTEM_CALL, CLOCK };

struct single {
  enum kind kind;
  int cpu;
  int rounds;
  double nanoseconds;
};

static void *repeat(void *argument) {
  struct single *single = argument;
  int error = pin(single->cpu);
  if (error) {
    single->nanoseconds = -error;
    return NULL;
  }
  struct apart line = {0};
  double begin = now();
  for (int round = 0; round < single->rounds; round++) {
    switch (single->kind) {
      case ATOMIC: atomic_fetch_add(&line.value, 1); break;
      case SYSTEM_CALL: syscall(SYS_getppid); break;
      case CLOCK: (void)now(); break;
    }
  }
  single->nanoseconds = (now() - begin) / single->rounds;
  return NULL;
}

static double run(enum kind kind, int cpu, int rounds) {
  if (rounds < 1 || !calibration_may_use(cpu)) return -EINVAL;
  struct single single = {.kind = kind, .cpu = cpu, .rounds = rounds};
  pthread_t thread;
  int error = pthread_create(&thread, NULL, repeat, &single);
  if (error) return -error;
  pthread_join(thread, NULL);
  return single.nanoseconds;
}

double calibration_atomic(int cpu, int rounds) { return run(ATOMIC, cpu, rounds); }

double calibration_system_call(int cpu, int rounds) { return run(SYSTEM_CALL, cpu, rounds); }

double calibration_clock(int cpu, int rounds) { return run(CLOCK, cpu, rounds); }
