import Interchange
import Testing

@Suite("Pprof")
struct PprofTests {
  @Test("samples are stacks with the waits they stand for")
  func samples() throws {
    let profile = try ProtobufMessage(exported(.pprof))
    var strings: [String] = []
    for case (6, .bytes(let bytes)) in profile.fields {
      strings.append(String(decoding: bytes, as: UTF8.self))
    }
    #expect(strings.first == "")
    func string(_ place: UInt64?) -> String { strings[Int(place ?? 0)] }
    let types = try profile.messages(1).map { "\(string($0.number(1)))/\(string($0.number(2)))" }
    #expect(types == ["contentions/count", "delay/nanoseconds"])

    var functions: [UInt64: String] = [:]
    for function in try profile.messages(5) {
      functions[function.number(1) ?? 0] = string(function.number(2))
    }
    var locations: [UInt64: String] = [:]
    for location in try profile.messages(4) {
      let line = try #require(try location.message(4))
      locations[location.number(1) ?? 0] = functions[line.number(1) ?? 0]
    }
    let samples = try profile.messages(2).map { sample in
      let frames = try numbers(sample, 1).map { locations[$0] ?? "?" }
      let label = try #require(try sample.message(3))
      return "\(frames.joined(separator: "<")) \(try numbers(sample, 2)) "
        + "\(string(label.number(1)))=\(string(label.number(2)))"
    }
    #expect(
      samples == [
        "[no stack] [1, 15000] lock=MUTEX 0xffff888100000040",
        "do_rename<syscall [2, 5000] lock=SPIN rename_lock",
      ])
  }

  /// Packed varints.
  private func numbers(_ message: ProtobufMessage, _ field: UInt64) throws -> [UInt64] {
    var numbers: [UInt64] = []
    for case (field, .bytes(let bytes)) in message.fields {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      for byte in bytes {
        number |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 {
          numbers.append(number)
          (number, shift) = (0, 0)
        }
      }
    }
    return numbers
  }
}
