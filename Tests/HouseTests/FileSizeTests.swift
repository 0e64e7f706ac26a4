import Foundation
import Testing

@Suite("File sizes")
struct FileSizeTests {
  @Test("no file is over 600 lines, one over 400 says why at its top, the median is about 100")
  func sizes() throws {
    let files = try swiftFiles(under: "Sources") + swiftFiles(under: "Tests")
    var counts: [Int] = []
    for file in files {
      let text = try lines(of: file)
      counts.append(text.count)
      #expect(text.count <= 600, "\(file.lastPathComponent)")
      if text.count > 400 {
        let top = text.prefix(6).joined(separator: "\n")
        #expect(top.contains("One file because"), "\(file.lastPathComponent)")
      }
    }
    counts.sort()
    #expect(counts[counts.count / 2] <= 130)
  }

  @Test("no file is named for what anything could be")
  func names() throws {
    let vague = try (swiftFiles(under: "Sources") + swiftFiles(under: "Tests"))
      .map { $0.deletingPathExtension().lastPathComponent }
      .filter { $0.firstMatch(of: /Util|Helper|Common|Manager|Misc/) != nil }
    #expect(vague == [])
  }
}
