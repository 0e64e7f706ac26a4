import Measures
import TraceFormat

/// A scheduling-heavy load as the recorder sees it: tasks that wake each other, switch, and now and
/// then wait for a lock; ascending in (time, cpu).
func schedulingEvents(seed: UInt64, count: Int, cpus: Int) -> [Event] {
  var random = SeededGenerator(seed: seed)
  var events: [Event] = []
  var running = [Int32](repeating: 0, count: cpus)
  var time: UInt64 = 1_000_000_000
  func add(_ kind: EventKind, _ cpu: Int, a: UInt64 = 0, b: UInt64 = 0, value: UInt32 = 0) {
    time += UInt64(200 + random.index(below: 1500))
    events.append(
      Event(
        time: TraceTime(nanosecondsSinceBoot: time), cpu: UInt16(cpu), task: TaskID(running[cpu]),
        kind: kind, a: a, b: b, value: value))
  }
  while events.count < count {
    let cpu = random.index(below: cpus)
    let next = Int32(1000 + random.index(below: 20))
    let target = random.index(below: cpus)
    add(.schedWaking, cpu, a: UInt64(next), value: UInt32(target))
    add(.schedWakeup, cpu, a: UInt64(next), value: UInt32(target))
    if random.index(below: 8) == 0 {
      let lock = 0xffff_8881_0000_0000 + UInt64(random.index(below: 10)) * 64
      add(.contentionBegin, cpu, a: lock, value: 1)
      add(.contentionEnd, cpu, a: lock)
    }
    add(.schedSwitch, cpu, a: UInt64(next), b: UInt64(random.index(below: 4)), value: 1)
    running[cpu] = next
  }
  return Array(events.prefix(count))
}
