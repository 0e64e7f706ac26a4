/* An empty request and its reply through two rings, polled or with the receiver asleep. */
#include "CCalibration.h"
#include "pair.h"

#define WARM 16

/* Producer and consumer meet in the slot alone: the payload and its sequence number share a line,
 * as in FastForward (Giacomoni, Moseley, Vachharajani, PPoPP 2008). */
static void put(struct slot *ring, uint64_t sequence) {
  struct slot *slot = &ring[sequence % RING_SLOTS];
  slot->payload[0] = sequence;
  atomic_store_explicit(&slot->sequence, sequence, memory_order_release);
}

static int poll_slot(struct pair *pair, struct slot *ring, uint64_t sequence) {
  struct slot *slot = &ring[sequence % RING_SLOTS];
  double deadline = 0;
  for (uint32_t spins = 1;; spins++) {
    if (atomic_load_explicit(&slot->sequence, memory_order_acquire) == sequence) {
      return slot->payload[0] == sequence;
    }
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

/* Announces that side `side` sleeps until its ring holds `sequence`, and sleeps. */
static int sleep_until(struct pair *pair, struct slot *ring, int side, uint64_t sequence) {
  struct apart *asleep = &pair->sleepers[side];
  struct slot *slot = &ring[sequence % RING_SLOTS];
  double deadline = now() + 1e9;
  while (1) {
    atomic_store(&asleep->value, 1);
    if (atomic_load(&slot->sequence) == sequence) break;
    futex(asleep, FUTEX_WAIT, 1);
    if (atomic_load(&pair->failed.value)) return 0;
    if (now() > deadline) {
      fail(pair, ETIMEDOUT);
      return 0;
    }
  }
  atomic_store(&asleep->value, 0);
  return 1;
}

static void wake(struct pair *pair, int side) {
  if (atomic_exchange(&pair->sleepers[side].value, 0)) {
    futex(&pair->sleepers[side], FUTEX_WAKE, 1);
  }
}

static void *ask_polled(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 0)) return NULL;
  double begin = 0;
  for (int round = 1; round <= WARM + pair->rounds; round++) {
    if (round == WARM + 1) begin = now();
    put(pair->request, (uint64_t)round);
    if (!poll_slot(pair, pair->reply, (uint64_t)round)) return NULL;
  }
  pair->nanoseconds = (now() - begin) / pair->rounds;
  return NULL;
}

static void *answer_polled(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 1)) return NULL;
  for (int round = 1; round <= WARM + pair->rounds; round++) {
    if (!poll_slot(pair, pair->request, (uint64_t)round)) return NULL;
    put(pair->reply, (uint64_t)round);
  }
  return NULL;
}

static void *ask_notified(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 0)) return NULL;
  double begin = 0;
  for (int round = 1; round <= WARM + pair->rounds; round++) {
    if (round == WARM + 1) begin = now();
    put(pair->request, (uint64_t)round);
    wake(pair, 1);
    if (!sleep_until(pair, pair->reply, 0, (uint64_t)round)) break;
  }
  pair->nanoseconds = (now() - begin) / pair->rounds;
  return NULL;
}

static void *answer_notified(void *argument) {
  struct pair *pair = argument;
  if (!start(pair, 1)) return NULL;
  for (int round = 1; round <= WARM + pair->rounds; round++) {
    if (!sleep_until(pair, pair->request, 1, (uint64_t)round)) break;
    put(pair->reply, (uint64_t)round);
    wake(pair, 0);
  }
  return NULL;
}

double calibration_polled_ring(int a, int b, int rounds) {
  return run_apart(a, b, rounds, 0, ask_polled, answer_polled, NULL);
}

double calibration_notified_ring(int a, int b, int rounds) {
  return run_apart(a, b, rounds, 0, ask_notified, answer_notified, NULL);
}
