import TraceFormat

/// The description of a CTF trace in its own language, TSDL.
enum CTFMetadata {
  /// What every packet starts with.
  static let magic: UInt32 = 0xC1FC_1FC1

  /// The `metadata` file.
  ///
  /// A leading underscore keeps a name apart from TSDL's own words; readers take it off.
  static func text(of facts: TraceFacts) -> [UInt8] {
    var text = """
      /* CTF 1.8 */
      typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
      typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
      typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
      typealias integer { size = 32; align = 8; signed = true; } := int32_t;
      typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
      typealias integer { size = 64; align = 8; signed = true; } := int64_t;
      typealias integer { size = 32; align = 8; signed = false; base = 16; } := hex32_t;
      typealias integer { size = 64; align = 8; signed = false; base = 16; } := hex64_t;
      trace {
        major = 1; minor = 8; byte_order = le;
        packet.header := struct { uint32_t magic; uint32_t stream_id; };
      };

      """
    text += "env { domain = \"kernel\"; tracer_name = \"oslet\"; "
    text += "kernel_release = \(quoted(facts.kernel.release)); "
    text += "kernel_version = \(quoted(facts.kernel.version)); "
    text += "architecture = \(quoted(facts.kernel.architecture)); };\n"
    text += clock(facts.clock)
    text += stream(
      0, packet: "uint16_t cpu_id;",
      context: "int32_t _tid; uint16_t _callstack_kernel_length; "
        + "hex64_t _callstack_kernel[_callstack_kernel_length];")
    text += stream(1, packet: "", context: nil)
    for kind in EventKind.allCases {
      let fields = kind.fields.map { "\(type(of: $0)) _\($0.exportName);" }
      text += event(kind.name, id: kind.rawValue, stream: 0, fields)
    }
    text += event(
      "task", id: 0, stream: 1,
      ["int32_t _tid;", "int32_t _process;", "string _name;", "string _cgroup;"])
    text += event(
      "symbol", id: 1, stream: 1, ["hex64_t _address;", "uint32_t _size;", "string _name;"])
    return Array(text.utf8)
  }

  /// CLOCK_MONOTONIC, with its distance from the epoch as it was when recording started.
  private static func clock(_ facts: ClockFacts) -> String {
    let offset =
      facts.startRealtime >= facts.startMonotonic ? facts.startRealtime - facts.startMonotonic : 0
    return """
      clock {
        name = monotonic; description = "CLOCK_MONOTONIC"; freq = 1000000000;
        offset_s = \(offset / 1_000_000_000); offset = \(offset % 1_000_000_000);
      };
      typealias integer {
        size = 64; align = 8; signed = false; map = clock.monotonic.value;
      } := clock64_t;

      """
  }

  private static func stream(_ id: Int, packet: String, context: String?) -> String {
    """
    stream {
      id = \(id);
      packet.context := struct {
        clock64_t timestamp_begin; clock64_t timestamp_end; uint64_t content_size;
        uint64_t packet_size; uint64_t events_discarded; \(packet)
      };
      event.header := struct { uint8_t id; clock64_t timestamp; };
      \(context.map { "event.context := struct { \($0) };" } ?? "")
    };

    """
  }

  private static func event(
    _ name: String, id: some BinaryInteger, stream: Int, _ fields: [String]
  ) -> String {
    """
    event {
      name = "\(name)"; id = \(id); stream_id = \(stream);
      fields := struct { \(fields.joined(separator: " ")) };
    };

    """
  }

  private static func type(of field: EventField) -> String {
    let isWord = field.slot == .value
    switch field.form {
    case .taskName: return "string"
    case .hexadecimal, .lockFlags, .lockOwner, .maskWord: return isWord ? "hex32_t" : "hex64_t"
    case .decimal: return isWord ? "uint32_t" : "uint64_t"
    case .signed: return isWord ? "int32_t" : "int64_t"
    case .lockHint:
      return enumeration(LockHint.allCases.map { ($0.name, $0.rawValue) })
    case .cause:
      return enumeration(TriggerCause.allCases.map { ($0.name, $0.rawValue) })
    case .kind:
      return enumeration([("any", 0)] + EventKind.allCases.map { ($0.name, UInt32($0.rawValue)) })
    }
  }

  private static func enumeration(_ labels: [(name: String, value: UInt32)]) -> String {
    let list = labels.map { "\"\($0.name)\" = \($0.value)" }.joined(separator: ", ")
    return "enum : uint32_t { \(list) }"
  }

  /// As a string of TSDL, which escapes as C does.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars where scalar.value >= 0x20 {
      if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
