# make demo    set up, record this machine, predict, write report.txt and report.html
# make test    set up, run every test
# make bench   set up, print the benchmark table with the peers beside us
# make soak    record a mixed load for half an hour; memory, loss and kernel messages
# make backtest   record loads on two CPUs and on one, replay them, write docs/backtest.md, then make validation
# make validation   judge the published tables again, write docs/validation.md, with docs/backtest.md as last chapter
# make seed-questions ask the traces the six questions of 2002 again, write docs/seed-questions.md
# make roundtrip  simulate 30 known workloads, record, infer and predict them, print the errors; FIRST=30 others
# make test-guests boot Debian's own kernels under QEMU and record there; a part of make test
# make torture end ROUNDS recorders by all means there are, and look what is left of them
# make install copy the one binary under PREFIX
SHELL  := /bin/bash
PREFIX ?= /usr/local
SUDO   := $(shell [ $$(id -u) = 0 ] || echo sudo)
OSLET  := .build/release/oslet
ORACLE := .build/oracles

# What the build links, what the demo loads the machine with, and what the tests hold us against.
BUILD_PACKAGES := git gcc libc6-dev libstdc++-12-dev libbpf-dev libelf-dev zlib1g-dev libzstd-dev \
                  libmetis-dev pkg-config
DEMO_PACKAGES  := stress-ng
TEST_PACKAGES  := $(DEMO_PACKAGES) linux-perf trace-cmd babeltrace2 chromium g++ \
                  python3 python3-venv python3-html5lib libcap2-bin slurm-wlm munge
BENCH_PACKAGES := bpftrace libsimgrid-dev

GUEST_PACKAGES := qemu-system-x86 busybox-static cpio xz-utils binutils
GUEST_KERNELS  := 6.1 6.12 6.12-rt

# The runtime and the C++ library go into the binary: it runs where neither is installed.
STATIC := --static-swift-stdlib -Xlinker -L.build/static -Xswiftc -Xclang-linker -Xswiftc -static-libgcc

define install_packages
@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null \
    | grep -q 'install ok installed' || echo $$p; done); \
if [ -n "$$missing" ]; then echo "installing: "$$missing; $(SUDO) apt-get update -qq && \
    $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $$missing >/dev/null; fi
endef

.PHONY: demo test roundtrip test-guests torture bench backtest soak validation seed-questions install build lint \
        setup-build setup-demo setup-test setup-guests

build: setup-build
	@mkdir -p .build/static && ln -sf $$(gcc -print-file-name=libstdc++.a) .build/static/
	swift build -c release --product oslet $(STATIC)

setup-build:
	$(call install_packages,$(BUILD_PACKAGES))

setup-demo: setup-build
	$(call install_packages,$(DEMO_PACKAGES))

setup-test: setup-build $(ORACLE)/bin/simpy-is-here
	$(call install_packages,$(TEST_PACKAGES))

$(ORACLE)/bin/simpy-is-here:
	$(call install_packages,python3 python3-venv)
	/usr/bin/python3 -m venv $(ORACLE) && $(ORACLE)/bin/pip install -q simpy numpy && touch $@

# Where BPF is not allowed, `check` says so in one line and a recording from Traces/ stands in.
demo: setup-demo build
	@set -e; trace=oslet.data; \
	if $(SUDO) $(OSLET) check --quiet; then \
	  $(SUDO) $(OSLET) record -o $$trace -- \
	    stress-ng --rename 4 --open 4 --temp-path /dev/shm --timeout 8 --quiet; \
	else trace=Traces/rename-storm.oslet; echo "using the recording $$trace instead"; fi; \
	$(OSLET) calibrate -o machine.json; \
	$(OSLET) report -i $$trace --machine machine.json --cpus 1..1024 \
	  --format text -o report.txt --format html -o report.html || [ $$? = 5 ]; \
	head -40 report.txt; echo; echo "the report: report.txt and report.html in $$PWD"

# The guests have both cores to themselves.
test: setup-test lint build
	swift build --build-tests
	$(SUDO) env OSLET=$(CURDIR)/$(OSLET) swift test --skip-build --skip GuestTests
	$(MAKE) --no-print-directory test-guests

FIRST ?= 0
# Optimised, and testable all the same: the tests look inside the replay.
roundtrip: setup-build
	ROUND_TRIP_TABLE=roundtrip.md ROUND_TRIP_FIRST=$(FIRST) swift test -c release -Xswiftc -enable-testing \
	  --scratch-path .build/roundtrip --filter RoundTripTests
	@cat roundtrip.md

setup-guests: setup-build
	$(call install_packages,$(GUEST_PACKAGES))
	Tests/GuestTests/guest fetch $(GUEST_KERNELS)

test-guests: setup-guests build
	Tests/GuestTests/guest pack $(OSLET) $(GUEST_KERNELS)
	swift build --build-tests
	$(SUDO) swift test --skip-build --filter GuestTests

ROUNDS ?= 1000
torture: setup-test build
	swift build --build-tests
	$(SUDO) env TORTURE_ROUNDS=$(ROUNDS) OSLET=$(CURDIR)/$(OSLET) \
	  swift test --skip-build --filter LiveTortureTests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Plugins

bench: setup-test build
	$(call install_packages,$(BENCH_PACKAGES))
	swift build -c release --product replay-speed
	/usr/bin/python3 Tests/Benchmarks/bench.py $(OSLET)

soak: setup-demo build
	$(SUDO) /usr/bin/python3 Tests/Soak/soak.py $(OSLET)

# Recordings are kept, and a second run judges them again; RECORDINGS= other folders takes new sets.
RECORDINGS ?= /dev/shm/oslet-backtest
backtest: setup-test build
	$(SUDO) /usr/bin/python3 Tests/Backtest/backtest.py $(OSLET) $(RECORDINGS) > .build/backtest.md
	mv .build/backtest.md docs/backtest.md
	$(MAKE) validation

validation: build
	{ $(OSLET) validate --document docs/validation/index.json && echo && \
	  sed 's/^#/##/' docs/backtest.md; } > .build/validation.md
	mv .build/validation.md docs/validation.md

seed-questions: build
	OSLET=$(OSLET) docs/seed-questions.sh > docs/seed-questions.md

install: build
	install -D -s -m 755 $(OSLET) $(DESTDIR)$(PREFIX)/bin/oslet
