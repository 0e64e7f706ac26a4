import CBPF
import Glibc

/// Turns the kernel's statistics of BPF programs on and off, which takes CAP_SYS_ADMIN.
///
/// Either by this process, or by one of its own that holds this capability and nothing else, so
/// that the recorder can drop it and still measure its cost at the end of an hour.
struct StatisticsSwitch: ~Copyable {
  /// That process; 0 where there is none.
  let process: Int32
  private let commands: Int32
  private var statistics: Int32 = -1

  /// A switch in this process, or `apart` from it.
  init(apart: Bool) throws(RecordError) {
    guard apart, Capability.effective().contains(.systemAdministration) else {
      (process, commands) = (0, -1)
      return
    }
    var socket: Int32 = -1
    process = unsafe oslet_spawn_statistics_switch(&socket)
    commands = socket
    if process < 0 { throw .system(call: "fork", errno: -process) }
  }

  deinit {
    if statistics >= 0 { close(statistics) }
    if process > 0 {
      // It ends at the end of its input.
      close(commands)
      waitpid(process, nil, 0)
    }
  }

  /// Turns them on; false where that is not permitted: costs are then not known.
  mutating func turnOn() -> Bool {
    if process > 0 { return ask(for: 1) }
    statistics = bpf_enable_stats(BPF_STATS_RUN_TIME)
    return statistics >= 0
  }

  /// Turns them off.
  mutating func turnOff() {
    if process > 0 { _ = ask(for: 0) }
    if statistics >= 0 { close(statistics) }
    statistics = -1
  }

  private func ask(for state: UInt8) -> Bool {
    var byte = state
    guard unsafe send(commands, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return false }
    return unsafe read(commands, &byte, 1) == 1 && byte == 1
  }
}
