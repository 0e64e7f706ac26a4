public import FoundationEssentials

/// Decodes one JSON document of this program, with an error a person can act on.
///
/// - Throws: `WorkloadError.malformed` naming `what` and the path of the key at fault, or the error
///   that the value itself threw.
public func decodeDocument<Value: Decodable>(
  _ type: Value.Type, from json: Data, what: String
) throws(WorkloadError) -> Value {
  do {
    return try JSONDecoder().decode(type, from: json)
  } catch let error as WorkloadError {
    throw error
  } catch let error as DecodingError {
    throw .malformed(what: what, detail: explain(error))
  } catch {
    throw .malformed(what: what, detail: "\(error)")
  }
}

/// Encodes one JSON document of this program: sorted keys, so that the same value gives the same
/// bytes, two-space indentation and a final newline.
public func encodeDocument(_ value: some Encodable) throws(WorkloadError) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  do {
    return try encoder.encode(value) + Data("\n".utf8)
  } catch {
    throw .malformed(what: "document", detail: "a number in it is not finite (\(error))")
  }
}

private func explain(_ error: DecodingError) -> String {
  func path(_ keys: [any CodingKey]) -> String {
    let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
      .joined(separator: ".").replacing(".[", with: "[")
    return text.isEmpty ? "the document" : text
  }
  switch error {
  case .keyNotFound(let key, let context):
    return "\(path(context.codingPath)) lacks '\(key.stringValue)'"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    return "\(path(context.codingPath)): \(context.debugDescription)"
  case .dataCorrupted(let context):
    let at = context.codingPath.isEmpty ? "" : "\(path(context.codingPath)): "
    return "\(at)\(context.debugDescription)"
  @unknown default:
    return "\(error)"
  }
}
