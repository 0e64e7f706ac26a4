/// Events that are turned on and off together: the words of `record --events`.
public enum EventGroup: String, Hashable, Sendable, CaseIterable {
  /// Lock waits: contention_begin, contention_end, first sights of locks.
  case lock
  /// Sent interrupts: ipi_send_cpu, ipi_send_cpumask.
  case ipi
  /// Functions queued for other CPUs: csd_queue_cpu, csd_function_entry, csd_function_exit.
  case csd
  /// Received interrupts: call-function and reschedule vectors.
  case irq
  /// TLB flushes other than at task switches.
  case tlb
  /// Task switches.
  case `switch`
  /// Wake-ups as the waker asks for them.
  case waking
  /// Wake-ups as they take effect.
  case wakeup
  /// Moves from CPU to CPU.
  case migrate
  /// Names: fork, exec, exit.
  case task
  /// System calls counted per task; they travel in the switches.
  case syscall

  /// The groups of a comma-separated list; `all` is every group and `-x` takes one away.
  public static func parse(_ list: String) throws(RecordError) -> Set<EventGroup> {
    var groups: Set<EventGroup> = list.hasPrefix("-") ? Set(allCases) : []
    for word in list.split(separator: ",") {
      let name = word.hasPrefix("-") ? word.dropFirst() : word
      if name == "all" {
        groups.formUnion(allCases)
      } else if let group = EventGroup(rawValue: String(name)) {
        if word.hasPrefix("-") { groups.remove(group) } else { groups.insert(group) }
      } else {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw .badOption("--events", reason: "no event group \"\(name)\"; known: all, \(known)")
      }
    }
    if groups.isEmpty { throw .badOption("--events", reason: "nothing left to record") }
    return groups
  }
}
