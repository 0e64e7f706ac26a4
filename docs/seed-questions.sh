#!/bin/bash
# Writes docs/seed-questions.md to standard output: the six questions of docs/design.md, each with a
# command and what it prints. `make seed-questions` runs it from the top of the repository.
set -u
OSLET=${OSLET:-.build/release/oslet}
MACHINE=(--machine epyc-7r13)

# ask SECTIONS COMMAND ARGUMENTS...: a command of oslet and its output's sections of these numbers.
ask() {
  local wanted=" $1 " status text argument line='    $ oslet'
  shift
  text=$("$OSLET" "$@" 2>/dev/null)
  status=$?
  for argument; do
    [[ $argument =~ ^[-A-Za-z0-9_./,:=+@]+$ ]] || argument="'$argument'"
    line+=" $argument"
  done
  printf '%s\n\n' "$line"
  awk -v wanted="$wanted" '
    /^[0-9]+\. / { shown = index(wanted, " " int($1) " ") }
    shown { print ($0 == "" ? "" : "    " $0) }' <<<"${text//"$OSLET"/oslet}"
  echo
  case $status in
    0) ;;
    5) printf 'Exit status 5: **the conclusion is withheld**, because the back-test or the loss is beyond its\nthreshold; the numbers are what the program computes, not what it claims.\n\n' ;;
    *) echo "oslet $1 failed with status $status" >&2 ;;
  esac
}

introduction() {
  cat <<'TEXT'
# The questions of 2002, answered from a trace

Written by `make seed-questions`; every indented block is what the command above it printed. The traces
are recordings of two CPUs (Traces/README.md) and the machine is a known one made of more sockets, by the
rule that section 11 of every report prints. Nothing here is forced: where the back-test misses its
threshold the program withholds its conclusion, and so does this page. The numbers then show the mechanism
(what is shared, what crosses, what saturates), not how fast such a machine would be.

TEXT
}

growth() {
  cat <<'TEXT'
## 1. Does the communication stay tolerable at 1,024 CPUs, as 256 OSlets of 4?

S. Harris, 3D15E629.1706DE98@storm.ca, 23 June 2002. `4x` is 16 OSlets at 64 CPUs and 256 at 1,024. What a
recording of one image cannot show is how often private classes would be used across OSlets; the third
layout supposes 1 % of their acquisitions.

TEXT
  ask "1 7" report -i Traces/rename-storm.oslet "${MACHINE[@]}" --cpus 64,1024 \
    --layout one --layout 4x --layout '4x+cross:*=0.01'
}

hierarchy() {
  cat <<'TEXT'
## 2. Is one level enough, or must it be 32 of 32?

The same mail. A hierarchy matters where one OSlet speaks to all: here the spinlock is replicated, so that
each write reaches every other OSlet, in turn (`flat`), through a forwarder a group (`tree`) or from
neighbour to neighbour (`ring`).

TEXT
  ask "1 2" predict -i Traces/rename-storm.oslet "${MACHINE[@]}" --cpus 1024 --layout one \
    --layout '32x32/flat+replicated:"bdev_cache spinlock"' \
    --layout '32x32/tree+replicated:"bdev_cache spinlock"' \
    --layout '32x32/ring+replicated:"bdev_cache spinlock"'
}

services() {
  cat <<'TEXT'
## 3. What do 32 service OSlets for files change beside 960 two-way compute nodes?

E. Biederman, m13cvdrlgg.fsf@frodo.biederman.org, 24 June 2002: 960 x 2 + 32 x 2 = 1,984 CPUs. Without
them (`2x`) the file system's classes have one owner.

TEXT
  ask "1 2" predict -i Traces/rename-storm.oslet "${MACHINE[@]}" --cpus 1984 --layout one \
    --layout 2x --layout 2x+fs:32x2
}

cluster() {
  cat <<'TEXT'
## 4. Does a 64-way box as 16 OSlets behave like a 16-node cluster?

L. McVoy, 20011205111115.T11801@work.bitmover.com. A cluster of 16 would do 16 times what one image of 4
CPUs does; compare the row of 4 CPUs under `one` with that of 64 under `4x`.

TEXT
  for trace in rename-storm futex-hash; do
    ask "1 2" predict -i "Traces/$trace.oslet" "${MACHINE[@]}" --cpus 4,64 --layout one --layout 4x
  done
}

small() {
  cat <<'TEXT'
## 5. Does it scale down: does anything lose on 1, 2 and 4 CPUs?

The goals minuted in OFE468962D.E4F46C96-ON88256BE2.00755AF2@boulder.ibm.com, November 2001. An OSlet as
large as the machine is one image; smaller ones have to show what they cost.

TEXT
  for trace in rename-storm tlb-shootdown wakeups; do
    ask "10" report -i "Traces/$trace.oslet" "${MACHINE[@]}" --cpus 1,2,4 --layout one --layout 1x \
      --layout 2x --layout 4x
  done
}

interconnect() {
  cat <<'TEXT'
## 6. How much of the interconnect does the partition take from the application?

The same mail as question 3. The paragraph on four lines of 64 bytes has the share, for a partition of
which one acquisition in ten of every private class crosses.

TEXT
  ask "7" report -i Traces/rename-storm.oslet "${MACHINE[@]}" --cpus 64,256 --layout one \
    --layout '4x+cross:*=0.1' --layout '16x+cross:*=0.1' --layout 4x+fs:4x16
}

# The questions are independent of each other; the page has them in order.
parts=$(mktemp -d)
trap 'rm -r "$parts"' EXIT
questions=(introduction growth hierarchy services cluster small interconnect)
for question in "${questions[@]}"; do "$question" >"$parts/$question" & done
wait
for question in "${questions[@]}"; do cat "$parts/$question"; done
