import CBPF
import Foundation

/// BPF programs, maps and links by their ids in the kernel.
struct BPFHoldings: Hashable {
  var programs: Set<UInt32> = []
  var maps: Set<UInt32> = []
  var links: Set<UInt32> = []

  /// None.
  init() {}

  /// Those that a process holds by descriptors; none where it is gone.
  init(of process: Int32) {
    for said in Self.descriptors(of: process) {
      if let id = said["prog_id:"] { programs.insert(UInt32(id)) }
      if let id = said["map_id:"] { maps.insert(UInt32(id)) }
      if let id = said["link_id:"] { links.insert(UInt32(id)) }
    }
  }

  /// Memory of the programs and maps that a process holds, by the kernel's count.
  static func bytes(of process: Int32) -> Int {
    descriptors(of: process).reduce(0) { $0 + Int($1["memlock:"] ?? 0) }
  }

  /// What /proc says of each open descriptor of a process, the numbers by their names.
  private static func descriptors(of process: Int32) -> [[String: UInt64]] {
    let folder = "/proc/\(process)/fdinfo"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.map { file in
      var said: [String: UInt64] = [:]
      let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
      for line in text.split(separator: "\n") {
        let words = line.split(whereSeparator: \.isWhitespace)
        if words.count == 2 { said[String(words[0])] = UInt64(words[1]) }
      }
      return said
    }
  }

  /// Adds those of another.
  mutating func formUnion(_ other: BPFHoldings) {
    programs.formUnion(other.programs)
    maps.formUnion(other.maps)
    links.formUnion(other.links)
  }

  /// How many there are.
  var count: Int { programs.count + maps.count + links.count }

  /// Those that the kernel still has.
  var remaining: BPFHoldings {
    var remaining = self
    remaining.programs = programs.filter { Self.exists(bpf_prog_get_fd_by_id($0)) }
    remaining.maps = maps.filter { Self.exists(bpf_map_get_fd_by_id($0)) }
    remaining.links = links.filter { Self.exists(bpf_link_get_fd_by_id($0)) }
    return remaining
  }

  /// Waits until the kernel has none of them any more, for five seconds at most; returns the rest.
  ///
  /// It drops them a moment after the last descriptor, when RCU allows.
  func awaitEnd() -> BPFHoldings {
    var rest = remaining
    for _ in 0..<250 where rest.count > 0 {
      usleep(20_000)
      rest = rest.remaining
    }
    return rest
  }

  private static func exists(_ descriptor: Int32) -> Bool {
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }
}
