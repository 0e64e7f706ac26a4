extension Scenario {
  /// The classes that a layout gives each OSlet an instance of although the recorded kernel shares
  /// one: private ones of file-system or image scope, in the workload's order.
  ///
  /// How often their users would meet across OSlets is what no recording of one image shows.
  public var crossableClasses: [String] {
    guard oslets.count > 1 else { return [] }
    return workload.classes.indices.filter { index in
      let scope = workload.classes[index].scope
      return policies[index].sharing == .private && (scope == .image || scope == .filesystem)
    }.map { workload.classes[$0].name }
  }

  /// The layout of the scenario with `share`, 0...1, of the acquisitions of every crossable class
  /// crossing to another OSlet, under the name it has.
  public func layout(crossing share: Double) -> Layout {
    var changed = layout
    for name in crossableClasses {
      var said = changed.policies[name] ?? PolicyOverride()
      said.crossingShare = share
      changed.policies[name] = said
    }
    return changed
  }
}
