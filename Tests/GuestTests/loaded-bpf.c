// Counts what BPF holds in the kernel: programs, maps, links. The guest has no bpftool.
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int count(int command)
{
  union bpf_attr attr;
  int found = 0;
  memset(&attr, 0, sizeof attr);
  while (syscall(SYS_bpf, command, &attr, sizeof attr) == 0) {
    attr.start_id = attr.next_id;
    found++;
  }
  return found;
}

int main(void)
{
  printf("programs %d\nmaps %d\nlinks %d\n", count(BPF_PROG_GET_NEXT_ID),
         count(BPF_MAP_GET_NEXT_ID), count(BPF_LINK_GET_NEXT_ID));
  return 0;
}
