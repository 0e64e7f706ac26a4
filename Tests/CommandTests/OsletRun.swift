import Foundation

/// One run of the built tool: what it was asked, what it said, how it ended.
struct OsletRun {
  let status: Int32
  let output: String
  let error: String

  /// Runs the tool that `swift build` left beside these tests, in `folder`, with `input` on its
  /// standard input.
  init(_ arguments: [String], input: Data? = nil, in folder: URL? = nil) throws {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? Self.root
    let files = try ["out", "err", "in"].map { name in
      let url = FileManager.default.temporaryDirectory
        .appending(path: "oslet-\(UUID().uuidString).\(name)")
      try (name == "in" ? input ?? Data() : Data()).write(to: url)
      return url
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = try FileHandle(forReadingFrom: files[2])
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: files[0], encoding: .utf8)
    error = try String(contentsOf: files[1], encoding: .utf8)
  }

  /// The output as one JSON object.
  func json() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    guard let object = value as? [String: Any] else { throw NotAnObject() }
    return object
  }

  struct NotAnObject: Error {}

  /// The checkout.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// The tool.
  static let executable =
    ProcessInfo.processInfo.environment["OSLET"].map { URL(filePath: $0) }
    ?? root.appending(path: ".build/debug/oslet")
}

/// A folder of its own for one test, gone afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "oslet-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
