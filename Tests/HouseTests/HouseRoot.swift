import Foundation

/// The checkout that these tests were compiled from.
let houseRoot = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The Swift files below a folder of the checkout, by path, in order.
func swiftFiles(under folder: String) throws -> [URL] {
  let start = houseRoot.appending(path: folder)
  guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
  else { return [] }
  return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    .sorted { $0.path < $1.path }
}

/// The lines of a file.
func lines(of file: URL) throws -> [Substring] {
  try String(contentsOf: file, encoding: .utf8).split(
    separator: "\n", omittingEmptySubsequences: false)
}
