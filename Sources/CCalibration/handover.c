/* Contended hand-over of a queue lock: every waiter spins on its own line, the owner writes its
 * successor's. Source: J. Mellor-Crummey, M. Scott, "Algorithms for scalable synchronization on
 * shared-memory multiprocessors", ACM TOCS 9(1), 1991, algorithm 5; the queue of Linux's qspinlock
 * (kernel/locking/mcs_spinlock.h) hands over the same way. */
#include <stdlib.h>
#include <string.h>

#include "CCalibration.h"
#include "pair.h"

struct node {
  _Alignas(APART) _Atomic(struct node *) next;
  _Atomic uint32_t waits;
};

struct crowd {
  _Alignas(APART) _Atomic(struct node *) tail;
  struct apart ready;
  struct apart failed;
  struct apart lines[MOST_LINES];
  struct node nodes[MOST_THREADS];
  int cpu[MOST_THREADS];
  double begin[MOST_THREADS];
  double end[MOST_THREADS];
  int threads;
  int rounds;
  int extra;
};

struct member {
  struct crowd *crowd;
  int index;
};

static int give_up(struct crowd *crowd, uint32_t spins, double *deadline) {
  if ((spins & 0xffff) != 0) return 0;
  if (atomic_load(&crowd->failed.value)) return 1;
  if (*deadline == 0) *deadline = now() + 1e9;
  if (now() < *deadline) return 0;
  atomic_store(&crowd->failed.value, ETIMEDOUT);
  return 1;
}

static int acquire(struct crowd *crowd, struct node *node) {
  double deadline = 0;
  atomic_store_explicit(&node->next, NULL, memory_order_relaxed);
  atomic_store_explicit(&node->waits, 1, memory_order_relaxed);
  struct node *before = atomic_exchange(&crowd->tail, node);
  if (!before) return 1;
  atomic_store_explicit(&before->next, node, memory_order_release);
  for (uint32_t spins = 1; atomic_load_explicit(&node->waits, memory_order_acquire); spins++) {
    if (give_up(crowd, spins, &deadline)) return 0;
  }
  return 1;
}

static int release(struct crowd *crowd, struct node *node) {
  double deadline = 0;
  struct node *next = atomic_load_explicit(&node->next, memory_order_acquire);
  if (!next) {
    struct node *expected = node;
    if (atomic_compare_exchange_strong(&crowd->tail, &expected, NULL)) return 1;
    for (uint32_t spins = 1; !(next = atomic_load(&node->next)); spins++) {
      if (give_up(crowd, spins, &deadline)) return 0;
    }
  }
  atomic_store_explicit(&next->waits, 0, memory_order_release);
  return 1;
}

static void *contend(void *argument) {
  struct member *member = argument;
  struct crowd *crowd = member->crowd;
  struct node *node = &crowd->nodes[member->index];
  int error = pin(crowd->cpu[member->index]);
  if (error) atomic_store(&crowd->failed.value, (uint64_t)error);
  atomic_fetch_add(&crowd->ready.value, 1);
  double deadline = 0;
  for (uint32_t spins = 1; atomic_load(&crowd->ready.value) < (uint64_t)crowd->threads; spins++) {
    if (give_up(crowd, spins, &deadline)) return NULL;
  }
  crowd->begin[member->index] = now();
  for (int round = 0; round < crowd->rounds; round++) {
    if (!acquire(crowd, node)) return NULL;
    for (int line = 0; line < crowd->extra; line++) {
      atomic_store_explicit(
          &crowd->lines[line].value,
          atomic_load_explicit(&crowd->lines[line].value, memory_order_relaxed) + 1,
          memory_order_relaxed);
    }
    if (!release(crowd, node)) return NULL;
  }
  crowd->end[member->index] = now();
  return NULL;
}

/* From the last thread's begin to the first thread's end all of them contend; the rate of that time
 * is what counts, so that neither the start nor the tail dilutes it. */
static double contended(const struct crowd *crowd) {
  double begin = crowd->begin[0], end = crowd->end[0];
  for (int index = 1; index < crowd->threads; index++) {
    if (crowd->begin[index] > begin) begin = crowd->begin[index];
    if (crowd->end[index] < end) end = crowd->end[index];
  }
  double acquisitions = 0;
  for (int index = 0; index < crowd->threads; index++) {
    double own = crowd->end[index] - crowd->begin[index];
    double shared = end - begin;
    if (own <= 0 || shared <= 0) return -ETIMEDOUT;
    acquisitions += crowd->rounds * (shared / own);
  }
  return (end - begin) / acquisitions;
}

double calibration_handover(int threads, int rounds, int lines) {
  if (threads < 2 || threads > MOST_THREADS || rounds < 1 || lines < 0 || lines > MOST_LINES) {
    return -EINVAL;
  }
  struct crowd *crowd = aligned_alloc(APART, sizeof *crowd);
  if (!crowd) return -ENOMEM;
  memset(crowd, 0, sizeof *crowd);
  crowd->threads = threads;
  crowd->rounds = rounds;
  crowd->extra = lines;
  int found = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < threads; cpu++) {
    if (calibration_may_use(cpu)) crowd->cpu[found++] = cpu;
  }
  double result = -EINVAL;
  if (found == threads) {
    pthread_t handles[MOST_THREADS];
    struct member members[MOST_THREADS];
    int made = 0;
    for (; made < threads; made++) {
      members[made] = (struct member){crowd, made};
      int error = pthread_create(&handles[made], NULL, contend, &members[made]);
      if (error) {
        atomic_store(&crowd->failed.value, (uint64_t)error);
        break;
      }
    }
    for (int index = 0; index < made; index++) pthread_join(handles[index], NULL);
    int error = (int)atomic_load(&crowd->failed.value);
    result = error ? -error : contended(crowd);
  }
  free(crowd);
  return result;
}
