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
    let folder = "/proc/\(process)/fdinfo"
    for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) else {
        continue
      }
      for line in text.split(separator: "\n") {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let id = UInt32(words[1]) else { continue }
        switch words[0] {
        case "prog_id:": programs.insert(id)
        case "map_id:": maps.insert(id)
        case "link_id:": links.insert(id)
        default: break
        }
      }
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
