extension Prediction {
  /// One prediction of what was predicted piece by piece: the points of all, layouts in the order in which
  /// they first appear, each by CPUs ascending, and the cliffs of the whole curves.
  ///
  /// Seed, load, engine and back-test are those of the first part: parts of one sweep share them, since an
  /// engine gives the same point whatever else it is asked. Nil for no parts.
  public init?(joining parts: [Prediction]) {
    guard let first = parts.first else { return nil }
    let all = parts.flatMap(\.points)
    var names: [String] = []
    for point in all where !names.contains(point.layout) { names.append(point.layout) }
    let curves = names.map { name in
      all.filter { $0.layout == name }.sorted { $0.cpus < $1.cpus }
    }
    let cliffs = zip(names, curves).compactMap { name, curve in
      PredictionSweep.cliff(of: curve, isNoisy: first.engine == "replay")
        .map { Cliff(layout: name, cpus: $0) }
    }
    self.init(
      seed: first.seed, load: first.load, engine: first.engine, backtest: first.backtest,
      points: curves.flatMap { $0 }, cliff: cliffs)
  }
}
