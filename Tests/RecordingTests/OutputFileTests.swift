import CBPF
import Glibc
import Testing
import TraceFormat

@testable import Recording

@Suite("Output file")
struct OutputFileTests {
  /// A new folder, gone with the value.
  final class Folder {
    let path: String

    init() {
      path = "/tmp/oslet-output-\(getpid())-\(MonotonicClock.now())"
      unsafe mkdir(path, 0o700)
    }

    deinit {
      for name in KernelFile.names(in: path) { unsafe unlink("\(path)/\(name)") }
      unsafe rmdir(path)
    }

    func write(_ bytes: [UInt8], to name: String) {
      let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      unsafe Glibc.write(descriptor, bytes, bytes.count)
      close(descriptor)
    }
  }

  @Test("a new file is its owner's alone; an earlier trace becomes .old")
  func replacing() throws {
    let folder = Folder()
    folder.write(TraceWriter.magic + [1, 2, 3], to: "t")
    let descriptor = try OutputFile.open("\(folder.path)/t")
    defer { close(descriptor) }
    #expect(KernelFile.names(in: folder.path) == ["t", "t.old"])
    #expect(KernelFile.bytes("\(folder.path)/t.old") == TraceWriter.magic + [1, 2, 3])
    var status = stat()
    unsafe fstat(descriptor, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(status.st_size == 0)
  }

  @Test("a file that is no trace is left alone")
  func foreign() throws {
    let folder = Folder()
    folder.write(Array("letters to my mother, all of them".utf8), to: "t")
    #expect(throws: RecordError.foreignFile(path: "\(folder.path)/t")) {
      try OutputFile.open("\(folder.path)/t")
    }
    #expect(KernelFile.text("\(folder.path)/t")?.hasPrefix("letters") == true)
  }

  @Test("a folder that does not exist is said by name")
  func absent() {
    let error = RecordError.output(path: "/nowhere/at/all", errno: ENOENT)
    #expect(throws: error) { try OutputFile.open("/nowhere/at/all") }
    #expect(error.description == "cannot write /nowhere/at/all: No such file or directory")
  }

  @Test("a link to nowhere is not followed")
  func link() throws {
    let folder = Folder()
    unsafe symlink("\(folder.path)/elsewhere", "\(folder.path)/t")
    #expect(throws: RecordError.output(path: "\(folder.path)/t", errno: EEXIST)) {
      try OutputFile.open("\(folder.path)/t")
    }
    #expect(KernelFile.names(in: folder.path) == ["t"])
  }

  @Test("a device is written to as it is")
  func device() throws {
    let descriptor = try OutputFile.open("/dev/null")
    #expect(descriptor >= 0)
    close(descriptor)
  }
}
