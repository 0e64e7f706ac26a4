import ArgumentParser
import Recording

/// Options that choose whose events are recorded, and of which locks.
struct FilterOptions: ParsableArguments {
  @Option(name: [.customShort("C"), .long], help: "These CPUs alone: 0,2-3.")
  var cpus: String?

  @Option(
    name: [.customShort("p"), .customLong("pid")],
    help: "These processes and their later children alone: 1,2.")
  var processes: String?

  @Option(help: "These threads (with -p, beside those processes): 12,34.")
  var tid: String?

  @Option(
    name: [.customShort("G"), .long],
    help: "Tasks in these cgroups and below alone: paths in the unified hierarchy.")
  var cgroup: String?

  @Option(
    name: [.customShort("Y"), .customLong("type-filter")],
    help: "Waits for these types of lock alone: spinlock,rwlock:R,rwsem,mutex,...")
  var lockTypes: String?

  @Option(
    name: [.customShort("L"), .customLong("lock-filter")],
    help: "Waits for these locks alone: address, variable, mmap_lock, slab cache, ...")
  var locks: String?

  /// Puts what was asked for into the options of a recording.
  func apply(to options: inout RecordOptions) throws(ToolFailure) {
    if let cpus {
      guard let list = CPUList.parse(cpus), !list.isEmpty else {
        throw ToolFailure("-C wants CPU numbers such as 0,2-3", status: .usage)
      }
      options.cpus = list
    }
    if let processes { options.processes = try Self.numbers(processes, of: "-p") }
    if let tid { options.threads = try Self.numbers(tid, of: "--tid") }
    options.cgroups = Self.words(cgroup)
    options.locks = Self.words(locks)
    do throws(RecordError) {
      if let lockTypes { options.lockTypes = try LockTypes.parse(lockTypes) }
    } catch {
      throw ToolFailure(error)
    }
  }

  private static func numbers(_ list: String, of option: String) throws(ToolFailure) -> [Int32] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map {
      (part) throws(ToolFailure) in
      guard let number = Int32(part), number > 0 else {
        throw ToolFailure("\(option) wants numbers such as 12,34", status: .usage)
      }
      return number
    }
  }

  private static func words(_ list: String?) -> [String] {
    (list ?? "").split(separator: ",").map(String.init)
  }
}
