public import TraceFormat

/// A recording of another program that can be turned into a trace: perf.data and trace.dat.
public struct ForeignTrace {
  private enum Form {
    case perfData(PerfDataImport)
    case traceDat(TraceDatImport)
  }

  private let form: Form

  /// Whether a file that starts with these bytes is one.
  public static func recognizes(_ start: some Sequence<UInt8>) -> Bool {
    PerfDataImport.recognizes(start) || TraceDatImport.recognizes(start)
  }

  /// The recording in these bytes.
  ///
  /// Throws `foreign` where it is none, or lacks what events are made of, and says which option of
  /// its recorder gives it.
  public init(bytes: [UInt8]) throws(InterchangeError) {
    form =
      TraceDatImport.recognizes(bytes)
      ? .traceDat(try TraceDatImport(bytes: bytes)) : .perfData(try PerfDataImport(bytes: bytes))
  }

  /// The trace's facts, as far as the recording tells them.
  public var facts: TraceFacts {
    switch form {
    case .perfData(let importing): importing.facts
    case .traceDat(let importing): importing.facts
    }
  }

  /// The trace in memory, for `TraceReader(bytes:)`, and what was taken over.
  public func trace() throws(InterchangeError) -> (bytes: [UInt8], account: ImportAccount) {
    var gathering = ImportGathering()
    let facts = facts
    var writer: TraceWriter
    do throws(TraceError) { writer = try TraceWriter(facts: facts) } catch { throw .trace(error) }
    switch form {
    case .perfData(let importing): try importing.gather(into: &writer, &gathering)
    case .traceDat(let importing): try importing.gather(into: &writer, &gathering)
    }
    do throws(TraceError) {
      return (try writer.finish(facts: facts), gathering.account)
    } catch {
      throw .trace(error)
    }
  }
}
