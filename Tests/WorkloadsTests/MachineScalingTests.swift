import Measures
import Testing
import Workloads

@Suite("Machines")
struct MachineScalingTests {
  @Test("a machine that is large enough stays as it is")
  func enough() throws {
    let milan = try KnownMachines.machine(named: "EPYC-7R13")
    #expect(milan.cpuCount == 192)
    let same = try milan.scaled(toCPUs: 192)
    #expect(same.machine == milan && same.rule.contains("as it is"))
  }

  @Test(
    "more sockets keep the inside and lengthen the way between", arguments: [256, 1_024, 4_096])
  func moreSockets(cpus: Int) throws {
    let milan = try KnownMachines.machine(named: "epyc-7r13")
    let scaled = try milan.scaled(toCPUs: cpus)
    let larger = scaled.machine
    #expect(larger.cpuCount >= cpus && larger.cpuCount < cpus + 96)
    #expect(larger.topology.coresPerSocket == 48 && larger.topology.smt == 2)
    guard case .levels(let smt, let island, let socket, let cross) = larger.lineTransfer else {
      Issue.record("levels expected")
      return
    }
    #expect([smt, island, socket].map(\.value) == [9.8, 23, 107])
    // Half a hop of 197 - 107 = 90 ns for each doubling beyond four sockets.
    let doublings = cpus == 256 ? 0.0 : cpus == 1_024 ? 2.0 : 4.0
    #expect(abs(cross.value - (197 + 45 * doublings)) < 1e-9)
    #expect(scaled.rule.contains("extrapolated, not measured"))
    #expect(larger.sources.last == scaled.rule)
    #expect(try milan.scaled(toCPUs: cpus) == scaled)
  }

  @Test("a small guest grows to server sockets first, its missing levels in Milan's proportion")
  func guest() throws {
    let guest = try Machine(name: "guest", sockets: 1, coresPerIsland: 2, islandNs: 46)
    let scaled = try guest.scaled(toCPUs: 1_024)
    #expect(scaled.machine.topology.coresPerSocket == 64)
    #expect(scaled.machine.topology.sockets == 16)
    guard case .levels(_, let island, let socket, let cross) = scaled.machine.lineTransfer else {
      Issue.record("levels expected")
      return
    }
    #expect(island.value == 46 && abs(socket.value - 214) < 1e-9)
    #expect(abs(cross.value - (394 + 180)) < 1e-9)
    #expect(scaled.rule.contains("EPYC 7R13"))
  }

  @Test("a machine without costs stays without", arguments: [64, 1_024])
  func free(cpus: Int) throws {
    let free = try Machine(name: "free", sockets: 1, coresPerIsland: 1)
    #expect(
      try free.scaled(toCPUs: cpus).machine.lineTransfer
        == .levels(smt: .zero, island: .zero, socket: .zero, cross: .zero))
  }

  @Test("counts and costs out of range are refused")
  func ranges() throws {
    #expect(throws: WorkloadError.self) { try Machine(name: "x", sockets: 0, coresPerIsland: 1) }
    #expect(throws: WorkloadError.self) {
      try Machine(name: "x", sockets: 256, coresPerIsland: 256, smt: 2)
    }
    #expect(throws: WorkloadError.self) {
      try Machine(name: "x", sockets: 1, coresPerIsland: 1, islandNs: -1)
    }
    let milan = try KnownMachines.machine(named: "epyc-7r13")
    #expect(throws: WorkloadError.self) { try milan.scaled(toCPUs: 0) }
    #expect(throws: WorkloadError.self) { try milan.scaled(toCPUs: 65_537) }
    let error = #expect(throws: WorkloadError.self) { try KnownMachines.machine(named: "vax") }
    #expect(error?.description.contains("xeon-8375c") == true)
  }

  @Test("known machines have distinct names, costs that grow with distance, and sources")
  func catalogue() throws {
    #expect(Set(KnownMachines.all.map(\.name)).count == KnownMachines.all.count)
    for machine in KnownMachines.all {
      guard case .levels(let smt, let island, let socket, let cross) = machine.lineTransfer else {
        continue
      }
      #expect(smt <= island && island <= socket && socket <= cross, "\(machine.name)")
      #expect(!machine.sources.isEmpty)
      #expect(try Machine(json: encodeDocument(machine)) == machine)
    }
  }

  @Test("hop costs agree with the machine, by level and by matrix")
  func hops() throws {
    let milan = try KnownMachines.machine(named: "epyc-7r13")
    let places = milan.topology.placesInOrder()
    let hops = HopCosts(milan, cpus: places)
    for from in stride(from: 0, to: places.count, by: 7) {
      for to in stride(from: 0, to: places.count, by: 5) {
        let distance = from == to ? .same : places[from].distance(to: places[to])
        #expect(hops.distance(from: from, to: to) == distance)
        #expect(
          hops.cost(from: from, to: to)
            == milan.lineTransfer.cost(at: distance, in: milan.topology).value)
      }
    }
    var small = try Machine(name: "m", sockets: 2, coresPerIsland: 2, order: .list([3, 0, 2]))
    small.lineTransfer = .matrix(
      (0..<4).map { row in (0..<4).map { row == $0 ? 0 : Double(10 * row + $0) } })
    let listed = HopCosts(small, cpus: small.topology.placesInOrder())
    #expect(listed.cost(from: 0, to: 1) == 30)
    #expect(listed.cost(from: 1, to: 0) == 3)
    #expect(listed.cost(from: 2, to: 2) == 0)
    for number in 0..<milan.cpuCount {
      #expect(milan.topology.number(of: milan.topology.place(ofCPU: number)) == number)
    }
  }
}
