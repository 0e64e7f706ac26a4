import Glibc
import Measures
import Testing
import TraceFormat

@Suite("Traces on descriptors")
struct DescriptorTests {
  private let trace = RecordedTrace(events: schedulingEvents(seed: 5, count: 30_000, cpus: 2))

  private func write(_ trace: RecordedTrace, to descriptor: Int32) throws(TraceError) {
    var writer = try TraceWriter(descriptor: descriptor, facts: trace.facts)
    for cpu in UInt16(0)..<2 {
      try writer.append(events: trace.events.filter { $0.cpu == cpu }, cpu: cpu)
    }
    try writer.finish(facts: trace.facts)
  }

  @Test("a file, by descriptor and by path")
  func file() throws {
    let file = try temporaryFile()
    defer { close(file) }
    try write(trace, to: file)
    var reader = try TraceReader(descriptor: file)
    #expect(try RecordedTrace(reading: &reader).events == trace.events)
    var status = stat()
    unsafe fstat(file, &status)
    #expect(reader.byteCount == UInt64(status.st_size))
    var again = try TraceReader(path: "/proc/self/fd/\(file)")
    #expect(try RecordedTrace(reading: &again).events == trace.events)
  }

  @Test("a pipe, written and read as it comes")
  func pipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe Glibc.pipe(&ends) == 0)
    // Small enough for the pipe's buffer, so that one thread can do both.
    let small = RecordedTrace(events: Array(trace.events.prefix(2000)))
    try write(small, to: ends[1])
    close(ends[1])
    var reader = try TraceReader(descriptor: ends[0])
    close(ends[0])
    #expect(reader.ending == .complete)
    #expect(try RecordedTrace(reading: &reader).events == small.events)
  }

  @Test("a file cut short while it is read loses what was cut and says so")
  func shrinking() throws {
    let file = try temporaryFile()
    defer { close(file) }
    try write(trace, to: file)
    var reader = try TraceReader(descriptor: file)
    ftruncate(file, 100)
    #expect(try RecordedTrace(reading: &reader).events == [])
    #expect(reader.damaged.reduce(0) { $0 + $1.events } == UInt64(trace.events.count))
    #expect(reader.damaged.allSatisfy { $0.reason == Malformation.truncated })
  }

  @Test("a full disk is an error with its offset, and stays one")
  func full() throws {
    let full = unsafe open("/dev/full", O_WRONLY)
    defer { close(full) }
    do throws(TraceError) {
      _ = try TraceWriter(descriptor: full, facts: .unknown)
      Issue.record("written")
    } catch {
      #expect(error == .write(offset: 0, errno: ENOSPC))
    }
  }

  @Test("what came through before a pipe broke can be read")
  func breakingPipe() async throws {
    signal(SIGPIPE, SIG_IGN)
    let large = RecordedTrace(events: schedulingEvents(seed: 6, count: 100_000, cpus: 2))
    var ends: [Int32] = [0, 0]
    #expect(unsafe Glibc.pipe(&ends) == 0)
    let (source, target) = (ends[0], ends[1])
    let reading = Task.detached {
      var bytes = [UInt8](repeating: 0, count: 60_000)
      var filled = 0
      while filled < bytes.count {
        // SAFETY: the system writes at most what is left of the array.
        let got = unsafe bytes.withUnsafeMutableBytes {
          unsafe read(source, $0.baseAddress.map { unsafe $0 + filled }, $0.count - filled)
        }
        if got <= 0 { break }
        filled += got
      }
      close(source)
      return Array(bytes[..<filled])
    }
    do throws(TraceError) {
      try write(large, to: target)
      Issue.record("written")
    } catch {
      guard case .write(let offset, let errno) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(errno == EPIPE)
      #expect(offset >= 60_000)
    }
    close(target)
    var reader = try TraceReader(bytes: await reading.value)
    guard case .cut(let at, let ignored) = reader.ending else {
      Issue.record("complete")
      return
    }
    #expect(at + ignored == 60_000)
    let events = try RecordedTrace(reading: &reader).events
    #expect(events.count >= 16_384)
    #expect(events == Array(large.events.filter { $0.cpu == 0 }.prefix(events.count)))
  }

  @Test("a reader that went away is EPIPE")
  func brokenPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(unsafe Glibc.pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    do throws(TraceError) {
      _ = try TraceWriter(descriptor: ends[1], facts: .unknown)
      Issue.record("written")
    } catch {
      #expect(error == .write(offset: 0, errno: EPIPE))
    }
  }

  @Test("no such file, and a folder")
  func missing() {
    do throws(TraceError) { _ = try TraceReader(path: "/no/such/trace") } catch {
      #expect(error.description == "cannot open /no/such/trace: No such file or directory")
    }
    do throws(TraceError) { _ = try TraceReader(path: "/") } catch {
      #expect(error == .open(path: "/", errno: EISDIR))
    }
  }
}

/// An empty file without a name.
private func temporaryFile() throws -> Int32 {
  var name = Array("/tmp/trace-XXXXXX".utf8CString)
  let file = unsafe mkstemp(&name)
  try #require(file >= 0)
  unsafe unlink(name)
  return file
}
