import FoundationEssentials

extension TraceFacts {
  /// The facts as one line of JSON, keys in order.
  func json() throws(TraceError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(self)) } catch {
      throw .malformed(.facts, offset: 0)
    }
  }

  /// Reads what `json()` wrote; unknown keys are skipped.
  init(json bytes: [UInt8]) throws(TraceError) {
    do { self = try JSONDecoder().decode(TraceFacts.self, from: Data(bytes)) } catch {
      throw .malformed(.facts, offset: 0)
    }
  }
}
