// heap CUSTOMERS EVENTS [SEED]: the machine repairman with a plain binary heap and nothing else,
// about the least that an event-driven simulation can do. Think Exp(10), hold Exp(1), FIFO; the end of
// a think or of a hold is one event. Prints seconds, events, throughput.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

struct Event { double time; uint32_t customer; };

struct Heap {
  std::vector<Event> events;
  size_t count = 0;
  explicit Heap(size_t capacity) : events(capacity) {}
  void push(Event event) {
    size_t i = count++;
    while (i) {
      size_t parent = (i - 1) / 2;
      if (events[parent].time <= event.time) break;
      events[i] = events[parent];
      i = parent;
    }
    events[i] = event;
  }
  Event pop() {
    Event first = events[0], last = events[--count];
    size_t i = 0;
    for (;;) {
      size_t child = 2 * i + 1;
      if (child >= count) break;
      if (child + 1 < count && events[child + 1].time < events[child].time) child++;
      if (events[child].time >= last.time) break;
      events[i] = events[child];
      i = child;
    }
    events[i] = last;
    return first;
  }
};

struct Random {
  uint64_t state;
  double exponential(double mean) {
    // SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
    uint64_t z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z ^= z >> 31;
    return -mean * std::log(((z >> 11) + 1) * 0x1p-53);
  }
};

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const int customers = std::atoi(argv[1]);
  const uint64_t budget = std::strtoull(argv[2], nullptr, 10);
  Random random{argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1};
  std::vector<int> next(customers, -1);
  std::vector<char> owns(customers, 0);
  int head = -1, tail = -1;
  uint64_t done = 0;
  double now = 0;
  auto start = std::chrono::steady_clock::now();
  Heap heap(customers + 1);
  for (int c = 0; c < customers; c++) heap.push({random.exponential(10), uint32_t(c)});
  for (uint64_t i = 0; i < budget; i++) {
    Event event = heap.pop();
    now = event.time;
    int c = int(event.customer);
    if (!owns[c]) {
      owns[c] = 1;
      next[c] = -1;
      if (head < 0) {
        head = tail = c;
        heap.push({now + random.exponential(1), uint32_t(c)});
      } else {
        next[tail] = c;
        tail = c;
      }
    } else {
      owns[c] = 0;
      done++;
      head = next[c];
      if (head >= 0) heap.push({now + random.exponential(1), uint32_t(head)});
      else tail = -1;
      heap.push({now + random.exponential(10), uint32_t(c)});
    }
  }
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.6f %llu %.9f\n", seconds.count(), (unsigned long long)budget, done / now);
}
