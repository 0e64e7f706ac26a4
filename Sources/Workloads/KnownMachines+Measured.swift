import Measures

extension KnownMachines {
  /// Machines whose line transfers were measured from CPU to CPU; interrupts and messages follow
  /// from the farthest transfer by the rule of `InterruptCost(derivedFrom:)`.
  ///
  /// Source of every transfer: "Measuring CPU core-to-core latency", N. Viennot and contributors,
  /// GitHub nviennot/core-to-core-latency README.md, commit 0dddf509: medians of a compare-exchange
  /// ping-pong, half the round trip. A machine with one figure for the whole socket uses it for
  /// every distance in the socket.
  static let measured: [Machine] = [
    server(
      "epyc-7r13", sockets: 2, islands: 6, cores: 8, smt: 2, ns: (9.8, 23, 107, 197),
      "the second socket measured 200 ns between its islands, 107 is the first one's",
      links: Links(count: 4, bytesPerTransfer: 2, gigatransfers: 18, kind: "xGMI-2")),
    server(
      "xeon-8375c", sockets: 2, cores: 32, smt: 2, ns: (8.1, 51, 51, 108),
      links: Links(count: 3, bytesPerTransfer: 2, gigatransfers: 11.2, kind: "UPI")),
    server(
      "xeon-8275cl", sockets: 2, cores: 24, smt: 2, ns: (7.6, 47, 47, 134),
      links: Links(count: 3, bytesPerTransfer: 2, gigatransfers: 10.4, kind: "UPI")),
    server(
      "xeon-6242", sockets: 2, cores: 16, smt: 2, ns: (7.4, 48, 48, 136),
      links: Links(count: 3, bytesPerTransfer: 2, gigatransfers: 10.4, kind: "UPI")),
    server(
      "xeon-e5-2695v4", sockets: 2, cores: 18, smt: 2, ns: (7.6, 44, 44, 118),
      links: Links(count: 2, bytesPerTransfer: 2, gigatransfers: 9.6, kind: "QPI")),
    server("threadripper-3960x", islands: 8, cores: 3, smt: 2, ns: (6.5, 24, 94, 94)),
    server("threadripper-1950x", islands: 4, cores: 4, smt: 2, ns: (10, 25, 154, 154)),
    server("ryzen-5950x", islands: 2, cores: 8, smt: 2, ns: (7.8, 17, 85, 85)),
    server("ryzen-5900x", islands: 2, cores: 6, smt: 2, ns: (7.6, 16, 84, 84)),
    server("graviton2", cores: 64, ns: (0, 47, 47, 47)),
    server("graviton3", cores: 64, ns: (0, 46, 46, 46)),
    server("kunpeng-920-6426", cores: 64, ns: (0, 72, 72, 72)),
    server(
      "xeon-phi-7210", cores: 64, ns: (0, 91, 91, 91),
      "its four threads a core were not measured and are left out"),
    server("power7", sockets: 2, cores: 8, smt: 4, ns: (70, 173, 173, 443)),
    server("sparc-t4", sockets: 2, cores: 8, smt: 8, ns: (24, 98, 98, 356)),
    server(
      "xeon-e5-2698v3", sockets: 2, cores: 16, smt: 2, ns: (10.3, 57.3, 57.3, 130.3),
      source: "line transfers: \(plusRepository)"),
    server(
      "xeon-e5-4650v2", sockets: 4, cores: 10, smt: 2, ns: (10.8, 49.6, 49.6, 165.1),
      "two of the four sockets were measured", source: "line transfers: \(plusRepository)"),
    server(
      "xeon-8358", sockets: 2, cores: 32, ns: (0, 51.1, 51.1, 110.9),
      "its second thread a core was not measured and is left out",
      source: "line transfers: \(plusRepository)"),
    server(
      "xeon-w9-3475x", cores: 36, ns: (0, 55.3, 55.3, 55.3),
      source: "line transfers: \(plusRepository)"),
    server(
      "power9-8335-gth", sockets: 2, islands: 8, cores: 2, smt: 4, ns: (16.7, 16.7, 483.3, 716.6),
      "two cores share a slice of cache", source: "line transfers: \(plusRepository)"),
    server(
      "lx2160a", islands: 8, cores: 2, ns: (0, 60, 260, 260),
      source: "line transfers: \(plusRepository)"),
  ]

  /// The second collection of compare-exchange ping-pongs, with a matrix of every pair of CPUs; its
  /// entries here are medians by level.
  static let plusRepository = "GitHub KCORES/core-to-core-latency-plus, results/, commit 264ea0a"

  /// The links of a socket to the others by their family's published count and rate: what they can carry
  /// at most, not what was measured.
  struct Links {
    var count: Int
    /// In each direction: sixteen data lanes or two bytes of payload.
    var bytesPerTransfer: Double
    var gigatransfers: Double
    var kind: String

    var bytesPerSecond: Double { Double(count) * bytesPerTransfer * gigatransfers * 1e9 }
    var source: String {
      "interconnect: \(count) \(kind) links of \(gigatransfers) GT/s x \(bytesPerTransfer) bytes each "
        + "way, the family's published rate, not measured"
    }
  }

  /// One entry; `ns` is SMT sibling, island, socket, cross.
  static func server(
    _ name: String, sockets: Int = 1, islands: Int = 1, cores: Int, smt threads: Int = 1,
    ns: (smt: Double, island: Double, socket: Double, cross: Double), _ notes: String...,
    source: String = "line transfers: GitHub nviennot/core-to-core-latency README, commit 0dddf509",
    links: Links? = nil
  ) -> Machine {
    let far = Nanoseconds(sockets > 1 ? ns.cross : ns.socket)
    return Machine(
      name: name,
      topology: Topology(
        sockets: sockets, islandsPerSocket: islands, coresPerIsland: cores, smt: threads),
      lineTransfer: .levels(
        smt: Nanoseconds(ns.smt), island: Nanoseconds(ns.island), socket: Nanoseconds(ns.socket),
        cross: Nanoseconds(ns.cross)),
      interrupt: InterruptCost(derivedFrom: far), message: MessageCost(derivedFrom: far),
      interconnectBytesPerSecond: links?.bytesPerSecond,
      sources: [source] + notes + ["interrupts and messages: derived from the farthest transfer"]
        + (links.map { [$0.source] } ?? []))
  }
}
