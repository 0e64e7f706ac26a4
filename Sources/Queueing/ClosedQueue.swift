public import Measures

/// What a closed queueing model says of one size: a fixed number of customers that alternate between
/// thinking and one shared resource.
public struct ClosedQueue: Hashable, Sendable {
  /// Completions over all customers.
  public var throughput: Rate
  /// From asking for the resource to releasing it: wait and service.
  public var response: Nanoseconds
  /// Customers at the resource, the one in service included.
  public var queueLength: Double
  /// Share of time the resource is busy, 0...1 (for several servers: of all of them).
  public var utilization: Double

  /// A solution; see the properties.
  public init(
    throughput: Rate, response: Nanoseconds, queueLength: Double, utilization: Double
  ) {
    self.throughput = throughput
    self.response = response
    self.queueLength = queueLength
    self.utilization = utilization
  }

  /// The solution that Little's law gives for `customers` once the throughput per nanosecond is known.
  ///
  /// The think time and the service time are means; `servers` share the service.
  init(perNs: Double, customers: Int, think: Nanoseconds, service: Nanoseconds, servers: Int = 1) {
    let response = perNs > 0 ? Double(customers) / perNs - think.value : 0
    self.init(
      throughput: Rate(perSecond: perNs * 1e9), response: Nanoseconds(max(response, service.value)),
      queueLength: perNs * max(response, service.value),
      utilization: min(1, perNs * service.value / Double(servers)))
  }
}
