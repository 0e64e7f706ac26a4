import Yams

/// One node of a YAML document, with errors that name its place.
struct YAMLReader {
  /// The node.
  let node: Node
  /// What it is, for errors: `services[1].count`.
  let path: String

  /// The longest document read; a layout's long form is some kilobytes.
  static let mostBytes = 1 << 20

  /// The deepest nesting read, as the parser recurses; a layout needs four levels, and the bound
  /// counts the dashes and colons of a line as well.
  static let mostDepth = 512

  /// The root of `text`.
  ///
  /// - Throws: `WorkloadError.malformed` with the line.
  init(_ text: String) throws(WorkloadError) {
    guard text.utf8.count <= Self.mostBytes else {
      throw .malformed(what: "layout file", detail: "longer than \(Self.mostBytes) bytes")
    }
    guard Self.mayNest(text) <= Self.mostDepth else {
      throw .malformed(what: "layout file", detail: "nested deeper than \(Self.mostDepth)")
    }
    do {
      guard let root = try compose(yaml: text) else {
        throw WorkloadError.malformed(what: "layout file", detail: "it is empty")
      }
      self.init(node: root, path: "")
    } catch let error as WorkloadError {
      throw error
    } catch {
      let line = "\(error)".split(separator: "\n").joined(separator: " ")
      throw .malformed(what: "layout file", detail: line)
    }
  }

  init(node: Node, path: String) {
    self.node = node
    self.path = path
  }

  /// A bound of how deep `text` can nest: open brackets, and on one line the marks that begin a
  /// block within a block.
  private static func mayNest(_ text: String) -> Int {
    var brackets = 0
    var marks = 0
    var deepest = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets -= 1
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): marks += 1
      case UInt8(ascii: "\n"): marks = 0
      default: break
      }
      deepest = max(deepest, brackets, marks)
    }
    return deepest
  }

  /// An error at this node.
  func error(_ detail: String) -> WorkloadError {
    let place = node.mark.map { "line \($0.line): " } ?? ""
    return .malformed(
      what: "layout file", detail: "\(place)\(path.isEmpty ? "" : "\(path): ")\(detail)")
  }

  /// The values of a mapping by key, in order.
  ///
  /// - Throws: when it is no mapping, or has a key that is not `allowed` (nil allows any).
  func mapping(_ allowed: [String]?) throws(WorkloadError) -> [(key: String, value: YAMLReader)] {
    guard case .mapping(let mapping) = node else { throw error("a mapping was expected") }
    var found: [(key: String, value: YAMLReader)] = []
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else { throw error("a key must be a word") }
      let name = scalar.string
      let child = YAMLReader(node: value, path: path.isEmpty ? name : "\(path).\(name)")
      if let allowed, !allowed.contains(name) {
        throw child.error("no such key; allowed: \(allowed.joined(separator: ", "))")
      }
      guard !found.contains(where: { $0.key == name }) else { throw child.error("named twice") }
      found.append((name, child))
    }
    return found
  }

  /// The values of a mapping of known keys; those that are null are left out.
  func fields(_ allowed: [String]) throws(WorkloadError) -> YAMLFields {
    var values: [String: YAMLReader] = [:]
    for (key, value) in try mapping(allowed) where !value.isNull { values[key] = value }
    return YAMLFields(parent: self, values: values)
  }

  /// Whether it is `null`, `~` or nothing.
  private var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
      return false
    }
    return ["", "~", "null"].contains(scalar.string)
  }

  /// The elements of a list.
  func list() throws(WorkloadError) -> [YAMLReader] {
    guard case .sequence(let sequence) = node else { throw error("a list was expected") }
    return sequence.enumerated().map { YAMLReader(node: $1, path: "\(path)[\($0)]") }
  }

  /// A word.
  func string() throws(WorkloadError) -> String {
    guard case .scalar(let scalar) = node else { throw error("a word was expected") }
    return scalar.string
  }

  /// A whole number from 1 to the short form's largest.
  func count() throws(WorkloadError) -> Int {
    guard let number = Int(try string()), (1...ShortFormReader.mostCount).contains(number) else {
      throw error("a whole number from 1 to \(ShortFormReader.mostCount) was expected")
    }
    return number
  }

  /// A number from 0 to 1.
  func share() throws(WorkloadError) -> Double {
    guard let number = Double(try string()), (0...1).contains(number) else {
      throw error("a number from 0 to 1 was expected")
    }
    return number
  }

  /// One of the cases of `type` by its raw value.
  func choice<Value: RawRepresentable & CaseIterable>(
    of type: Value.Type
  ) throws(WorkloadError) -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: try string()) else {
      let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("one of \(allowed) was expected")
    }
    return value
  }
}

/// The fields of a mapping of known keys.
struct YAMLFields {
  /// The mapping.
  let parent: YAMLReader
  /// Its values by key.
  let values: [String: YAMLReader]

  /// A field, if it is there.
  subscript(key: String) -> YAMLReader? { values[key] }

  /// A field that must be there.
  func required(_ key: String) throws(WorkloadError) -> YAMLReader {
    guard let field = values[key] else { throw parent.error("'\(key)' is missing") }
    return field
  }
}
