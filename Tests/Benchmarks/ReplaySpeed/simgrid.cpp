// simgrid CUSTOMERS EVENTS [SEED]: the machine repairman with SimGrid actors and a FIFO mutex. Prints
// seconds, events, throughput.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <simgrid/s4u.hpp>

int main(int argc, char **argv) {
  simgrid::s4u::Engine engine(&argc, argv);
  if (argc < 3) return 2;
  const int customers = std::atoi(argv[1]);
  const uint64_t budget = std::strtoull(argv[2], nullptr, 10);
  std::mt19937_64 random(argc > 3 ? std::atoi(argv[3]) : 1);
  std::exponential_distribution<double> think(0.1), hold(1);
  auto *zone = simgrid::s4u::create_full_zone("zone");
  auto *host = zone->create_host("host", 1e9);
  zone->seal();
  auto lock = simgrid::s4u::Mutex::create();
  uint64_t events = 0, done = 0;
  double last = 0;
  for (int c = 0; c < customers; c++)
    simgrid::s4u::Actor::create("customer", host, [&] {
      while (events < budget) {
        simgrid::s4u::this_actor::sleep_for(think(random));
        lock->lock();
        simgrid::s4u::this_actor::sleep_for(hold(random));
        lock->unlock();
        if (events < budget) {
          events += 2;
          done++;
          last = simgrid::s4u::Engine::get_clock();
        }
      }
    });
  auto start = std::chrono::steady_clock::now();
  engine.run();
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.6f %llu %.9f\n", seconds.count(), (unsigned long long)events, done / last);
}
