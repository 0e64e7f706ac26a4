// Runs a command as user and group 65534 with these capabilities, by number, and no others:
//
//   nobody 39,38,34 COMMAND...
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { nobody = 65534 };

int main(int count, char **arguments)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct sets[2] = { 0 };
  if (count < 3)
    return 2;
  if (prctl(PR_SET_KEEPCAPS, 1L) || setgroups(0, NULL) || setresgid(nobody, nobody, nobody) ||
      setresuid(nobody, nobody, nobody))
    return perror("nobody"), 1;
  char *list = strdup(arguments[1]);
  for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
    const int number = atoi(word);
    sets[number / 32].permitted |= 1u << number % 32;
    sets[number / 32].inheritable |= 1u << number % 32;
  }
  if (syscall(SYS_capset, &header, sets))
    return perror("nobody: capset"), 1;
  for (int number = 0; number < 64; number++)
    if (sets[number / 32].permitted >> number % 32 & 1 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (long)number, 0L, 0L))
      return perror("nobody: ambient"), 1;
  execvp(arguments[2], arguments + 2);
  perror(arguments[2]);
  return 127;
}
