// One loop per mode, on N threads of one process: loads whose truth is known.
//
//   load MODE THREADS SECONDS [THINK]
//
// Each thread repeats the mode's system calls and then counts to THINK in user space, until the time
// is over. Prints the turns of all threads, which the kernel's count of system calls can be held
// against.

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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static atomic_bool over;
static atomic_int word;
static char *shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

// No system call at all but one that takes no lock: scales.
static void turn_getppid(void) { syscall(SYS_getppid); }

// The lowest free descriptor, under files_struct.file_lock, twice a turn.
static void turn_dup(void)
{
	int fd = dup(0);

	if (fd < 0)
		die("dup");
	close(fd);
}

// A mapping made, touched and removed: mmap_lock for writing twice, a page fault between, and a
// shootdown where another thread runs.
static void turn_mmap(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		die("mmap");
	*page = 1;
	munmap(page, PAGE);
}

// Protection changed on a page of the thread's own that is in the TLB: a shootdown each time.
static void turn_mprotect(char *own)
{
	*own = 1;
	mprotect(own, PAGE, PROT_READ);
	mprotect(own, PAGE, PROT_READ | PROT_WRITE);
}

// Eight pages freed and faulted in again: mmap_lock for reading or a lock of the mapping, no writer.
static void turn_fault(char *own)
{
	madvise(own, 8 * PAGE, MADV_DONTNEED);
	for (int page = 0; page < 8; page++)
		own[page * PAGE] = 1;
}

// One futex mutex of the process with work under it.
static void turn_futex(void)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 300; i++)
		atomic_fetch_add_explicit(&word, 1, memory_order_relaxed);
	pthread_mutex_unlock(&mutex);
	syscall(SYS_getppid);
}

// A futex that nobody waits for: the hash bucket's lock, if another thread's lies there too.
static void turn_wake(void) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0); }

// Waits that end at once, since the word has another value: the buckets of one hash table, by one word a
// thread. (perf bench futex hash pins its threads to CPUs of its own choice, and cannot be confined.)
static void turn_hash(int *own) { syscall(SYS_futex, own, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0); }

// A mutex that lends priority, taken and given back by system calls.
static void turn_pi(int *lock)
{
	if (syscall(SYS_futex, lock, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0))
		die("FUTEX_LOCK_PI");
	if (syscall(SYS_futex, lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0))
		die("FUTEX_UNLOCK_PI");
}

// One file grown and cut: the inode's rwsem for writing.
static int file;
static void turn_write(int thread)
{
	char block[512];

	memset(block, thread, sizeof block);
	if (pwrite(file, block, sizeof block, 512L * thread) < 0)
		die("pwrite");
}

// Names made and removed in one directory: its rwsem for writing.
static void turn_create(int thread)
{
	char name[64];
	int fd;

	snprintf(name, sizeof name, "oslet-load-%d-%d", getpid(), thread);
	fd = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		die(name);
	close(fd);
	unlink(name);
}

static const char *mode;
static long think;
static int threads;

static void *run(void *argument)
{
	int thread = (int)(long)argument;
	char *own = shared + 16L * PAGE * thread;
	long turns = 0;

	while (!atomic_load_explicit(&over, memory_order_relaxed)) {
		switch (mode[0] << 8 | mode[1]) {
		case 'g' << 8 | 'e': turn_getppid(); break;
		case 'd' << 8 | 'u': turn_dup(); break;
		case 'm' << 8 | 'm': turn_mmap(); break;
		case 'm' << 8 | 'p': turn_mprotect(own); break;
		case 'f' << 8 | 'a': turn_fault(own); break;
		case 'f' << 8 | 'u': turn_futex(); break;
		case 'w' << 8 | 'a': turn_wake(); break;
		case 'w' << 8 | 'r': turn_write(thread); break;
		case 'c' << 8 | 'r': turn_create(thread); break;
		case 'h' << 8 | 'a': turn_hash((int *)own); break;
		case 'p' << 8 | 'i': turn_pi((int *)shared); break;
		default: fprintf(stderr, "load: no mode %s\n", mode); exit(2);
		}
		// In a register: a counter in memory takes one cycle or five, as the core predicts it.
		for (long i = 0; i < think; i++)
			__asm__ volatile("" : "+r"(i));
		turns++;
	}
	return (void *)turns;
}

int main(int argc, char **argv)
{
	pthread_t *ids;
	long turns = 0;

	if (argc < 4) {
		fprintf(stderr, "load MODE THREADS SECONDS [THINK]\n");
		return 2;
	}
	mode = argv[1];
	threads = atoi(argv[2]);
	think = argc > 4 ? atol(argv[4]) : 0;
	shared = mmap(NULL, 16L * PAGE * threads, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	if (!strcmp(mode, "write")) {
		file = memfd_create("load", MFD_CLOEXEC);
		if (file < 0)
			die("memfd_create");
	}
	ids = calloc(threads, sizeof *ids);
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, run, (void *)i))
			die("pthread_create");
	nanosleep(&(struct timespec){.tv_sec = atoi(argv[3])}, NULL);
	atomic_store(&over, 1);
	for (int i = 0; i < threads; i++) {
		void *done;

		pthread_join(ids[i], &done);
		turns += (long)done;
	}
	printf("%ld\n", turns);
	return 0;
}
