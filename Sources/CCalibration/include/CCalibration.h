/* Measurements that need pinned threads and exact instructions: what moving a line, an interrupt or
 * a message between two CPUs costs. Every function takes one short sample and returns nanoseconds,
 * or a negative errno: -EINVAL for a CPU this process may not use, -ETIMEDOUT when the other thread
 * did not run for a second, -ENOSYS where the kernel lacks the call. */
#ifndef CCALIBRATION_H
#define CCALIBRATION_H

/* One-way transfer of one modified line between CPUs a and b: half a round trip of a flag, with
 * `lines` more lines dirtied by the sender and by the receiver before each reply. */
double calibration_ping_pong(int a, int b, int rounds, int lines);

/* Time per acquisition of one MCS queue lock by `threads` threads on the first CPUs this process may
 * use; each owner dirties `lines` lines besides the lock's. */
double calibration_handover(int threads, int rounds, int lines);

/* One atomic add to a line that is already this CPU's. */
double calibration_atomic(int cpu, int rounds);

/* One system call that does next to nothing: getppid. */
double calibration_system_call(int cpu, int rounds);

/* Round trip of an empty request through two single-producer rings of 64-byte slots that both sides
 * poll. */
double calibration_polled_ring(int a, int b, int rounds);

/* The same rings with the receiver asleep in futex_wait: every message pays a wake-up. */
double calibration_notified_ring(int a, int b, int rounds);

/* One FUTEX_WAKE that finds a sleeper on the other CPU; error is 0 or -errno. */
struct calibration_wake {
  double error;
  /* The waker's own time in the call. */
  double call;
  /* From the begin of the call until the sleeper runs in user space. */
  double latency;
};

struct calibration_wake calibration_futex_wake(int a, int b, int rounds);

/* One switch between two threads of a CPU: half a round of each waking the other and sleeping, less
 * a wake-up without a sleeper and a wait that returns at once. Method: L. McVoy, C. Staelin, lmbench:
 * "Portable tools for performance analysis", USENIX 1996, lat_ctx, which subtracts the cost of the
 * token's passing the same way. */
double calibration_context_switch(int cpu, int rounds);

/* Nanoseconds of one membarrier(PRIVATE_EXPEDITED), seen from both ends; error is 0 or -errno. */
struct calibration_ipi {
  double error;
  /* The call while a thread of this process runs on `b`: one IPI, waited for. */
  double call;
  /* The call while none does: no IPI. */
  double alone;
  /* From the beginning of the call until the thread on `b` was stopped. */
  double until_stopped;
  /* How long it was stopped. */
  double stopped;
};

/* Source: Documentation of membarrier(2): PRIVATE_EXPEDITED sends an IPI to every CPU that runs a
 * thread of the caller's process and waits for all; kernel/sched/membarrier.c, Linux 4.14. */
struct calibration_ipi calibration_membarrier(int a, int b, int rounds);

/* Nanoseconds of one reading of the clock all of these use. */
double calibration_clock(int cpu, int rounds);

/* Whether this process may run on `cpu`. */
int calibration_may_use(int cpu);

#endif
