#include "pair.h"

#include "CCalibration.h"

int calibration_may_use(int cpu) {
  cpu_set_t set;
  if (cpu < 0 || cpu >= CPU_SETSIZE) return 0;
  if (sched_getaffinity(0, sizeof set, &set)) return 0;
  return CPU_ISSET(cpu, &set);
}

double run_pair(
    int a, int b, int rounds, int extra, void *(*first)(void *), void *(*second)(void *),
    double *more) {
  if (rounds < 1 || extra < 0 || extra > MOST_LINES) return -EINVAL;
  if (!calibration_may_use(a) || !calibration_may_use(b)) return -EINVAL;
  struct pair *pair = aligned_alloc(APART, sizeof *pair);
  if (!pair) return -ENOMEM;
  *pair = (struct pair){.cpu = {a, b}, .rounds = rounds, .extra = extra};
  pthread_t threads[2];
  int error = pthread_create(&threads[0], NULL, first, pair);
  if (!error) {
    error = pthread_create(&threads[1], NULL, second, pair);
    if (error) fail(pair, error);
    pthread_join(threads[0], NULL);
    if (!error) pthread_join(threads[1], NULL);
  }
  if (!error) error = (int)atomic_load(&pair->failed.value);
  double result = error ? -error : pair->nanoseconds;
  for (int index = 0; more && index < 3; index++) more[index] = pair->more[index];
  free(pair);
  return result;
}
