import Foundation
import Testing

/// The program as it is installed: one file that runs on another machine.
@Suite("The binary", .enabled(if: ProcessInfo.processInfo.environment["OSLET"] != nil))
struct LiveBinaryTests {
  @Test("nothing but libc, its kin and the loader is linked from outside")
  func libraries() throws {
    let program = try #require(ProcessInfo.processInfo.environment["OSLET"])
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ldd")
    process.arguments = [program]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let names = text.split(separator: "\n").compactMap { line in
      line.split(whereSeparator: \.isWhitespace).first.map { URL(filePath: String($0)) }
    }
    // glibc's own files (Debian package libc6) and the kernel's page.
    let kin: Set = [
      "linux-vdso.so.1", "ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libpthread.so.0",
      "libdl.so.2", "librt.so.1",
    ]
    #expect(!names.isEmpty)
    #expect(names.allSatisfy { kin.contains($0.lastPathComponent) }, "\(text)")
  }
}
