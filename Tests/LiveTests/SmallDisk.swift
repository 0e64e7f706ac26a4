import Foundation

/// A file system of a few pages in memory, mounted as long as this lives.
final class SmallDisk {
  let path: String

  /// Mounts one on a new folder.
  init() throws {
    path = "/dev/shm/oslet-disk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path])
  }

  deinit {
    try? Self.run("umount", ["-l", path])
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Gives it room for this many KiB, rounded up to pages.
  func resize(_ kibibytes: Int) throws {
    try Self.run("mount", ["-o", "remount,size=\(kibibytes)k", path])
  }

  /// Lets it be written to, or not.
  func write(_ on: Bool) throws {
    try Self.run("mount", ["-o", on ? "remount,rw" : "remount,ro", path])
  }

  /// Removes all of its files.
  func clear() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  private static func run(_ tool: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(tool)")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Refused(command: [tool] + arguments) }
  }

  struct Refused: Error { var command: [String] }
}
