import TraceFormat

extension EventField {
  /// The field's name beside an event's own `time_ns`, `cpu`, `tid`, `type`, `stack`.
  ///
  /// csd_queue_cpu and ipi_send_cpu call their target `cpu`, which is taken; sched_waking's
  /// `target_cpu` means the same.
  var exportName: String { name == "cpu" ? "target_cpu" : name }
}

/// Every field that any kind has, once a name, in the order of the kinds.
struct ExportColumns {
  /// Names, in order.
  let names: [String]
  /// By kind's number: for each of the kind's fields, its column.
  let places: [[Int]]

  init() {
    var names: [String] = []
    var places = [[Int]](repeating: [], count: 256)
    for kind in EventKind.allCases {
      places[Int(kind.rawValue)] = kind.fields.map { field in
        if let place = names.firstIndex(of: field.exportName) { return place }
        names.append(field.exportName)
        return names.count - 1
      }
    }
    self.names = names
    self.places = places
  }
}
