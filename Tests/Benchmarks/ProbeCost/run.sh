#!/bin/sh
# run.sh [SECONDS]: net cost per contention event of the recorder's probes, of a timestamp alone and of
# a BPF ring buffer, on the same events, under a file-name storm that it starts itself. One JSON line.
# Needs root, clang with the BPF target, a C compiler, libbpf-dev, libelf-dev, zlib1g-dev, stress-ng.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-4}
work=$(mktemp -d /dev/shm/probe-cost-XXXXXX)
trap 'rm -rf "$work"' EXIT
case $(uname -m) in
x86_64) arch=x86 multiarch=/usr/include/x86_64-linux-gnu ;;
aarch64) arch=arm64 multiarch=/usr/include/aarch64-linux-gnu ;;
*) echo "run.sh: unknown machine $(uname -m)" >&2; exit 2 ;;
esac
clang -target bpf -mcpu=v3 -g -O2 -Wall -Wextra -Wno-unused-parameter -Werror \
	-D__TARGET_ARCH_$arch -I"$here/../../../Probes" -idirafter $multiarch \
	-c "$here/cost.bpf.c" -o "$work/cost.bpf.o"
cc -O2 -Wall "$here/cost.c" -o "$work/probe-cost" -l:libbpf.a -l:libelf.a -l:libz.a
mkdir "$work/load"
(cd "$work/load" && exec stress-ng -q --rename 4 --open 4 --temp-path . -t $((seconds + 3))) &
sleep 1
"$work/probe-cost" "$work/cost.bpf.o" "$seconds"
wait
