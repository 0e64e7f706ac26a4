public import Measures

extension InterruptCost {
  /// An IPI cost where a machine file gives none: send 300, deliver 900, acknowledge 500 ns at a
  /// cross-socket transfer of 134 ns, in proportion to the farthest transfer for the shares that are
  /// line transfers (half of send and acknowledge) and fixed for the rest.
  ///
  /// Source: an acknowledged IPI to one CPU takes 1.7 us in a pinned guest (LKML 2017, IPI benchmark
  /// by Norov); the transfer is the Cascade Lake figure of Mellanox/ccbench tables.
  public init(derivedFrom farthest: Nanoseconds) {
    let scale = 0.5 + 0.5 * max(farthest.value, 1) / 134
    self.init(
      send: Nanoseconds(300 * scale), deliver: Nanoseconds(900),
      acknowledge: Nanoseconds(500 * scale))
  }
}

extension MessageCost {
  /// A message cost where a machine file gives none: a polled round trip is two line transfers each
  /// way (the slot and its flag), a notified one adds an acknowledged IPI.
  ///
  /// Source: FastForward and libfipc ring layouts: one line of payload and flag moves per direction,
  /// plus the line the consumer hands back.
  public init(derivedFrom farthest: Nanoseconds) {
    let polled = Nanoseconds(4 * max(farthest.value, 1))
    let interrupt = InterruptCost(derivedFrom: farthest)
    self.init(
      polled: polled,
      notified: polled + interrupt.send + interrupt.deliver + interrupt.acknowledge)
  }
}
