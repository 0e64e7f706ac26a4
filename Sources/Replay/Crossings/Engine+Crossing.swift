import Measures
import Workloads

/// An acquisition whose instance another OSlet owns: the task goes there with a message and runs its
/// critical section on a CPU of the owner, or enters the owner's code on its own CPU through a door.
extension Engine {
  /// Chooses the instance; true when the task goes on where it is, else a message is on its way.
  mutating func cross(
    _ task: Int32, lockClass: Int, _ instruction: Program.Instruction
  ) -> Bool {
    let index = Int(task) * program.depth + Int(instruction.slot)
    if slots[index].stage == .paid {
      send(task, slot: index)
      return false
    }
    let here = cpus[Int(tasks[Int(task)].cpu)].oslet
    let trait = traits[lockClass]
    var lock = choose(task, lockClass)
    if trait.sharing == .private, random.unit() < trait.crossingShare {
      lock = instanceElsewhere(lockClass, than: here) ?? lock
    }
    slots[index].lock = lock
    slots[index].stage = .local
    let owner = locks[Int(lock)].owner
    if owner < 0 || owner == here || trait.sharing == .replicated { return true }
    counters[lockClass].crossings += 1
    if trait.sharing == .door {
      slots[index].stage = .door
      payForDoor(task)
      return true
    }
    messages += 1
    // Nobody sleeps while holding a spinning lock, nor on a CPU that is not its own.
    let sleeps = trait.notified && !tasks[Int(task)].serving && tasks[Int(task)].spinDepth == 0
    slots[index].sleeps = sleeps
    if trait.notified {
      slots[index].stage = .paid
      payForMessage(task, interruptCost.send)
      tasks[Int(task)].pc -= 1
      startSegment(task, 0)
    } else {
      send(task, slot: index)
    }
    return false
  }

  /// Ends a crossing; true when the task goes on where it is.
  mutating func comeBack(
    _ task: Int32, lockClass: Int, _ instruction: Program.Instruction
  ) -> Bool {
    let index = Int(task) * program.depth + Int(instruction.slot)
    switch slots[index].stage {
    case .local, .paid:
      guard traits[lockClass].sharing == .replicated, instruction.write else { return true }
      return writeToReplicas(task, slots[index].lock, hold: Int(instruction.b))
    case .door:
      slots[index].stage = .local
      payForDoor(task)
      return true
    case .remote:
      slots[index].stage = .replied
      payForMessage(task, messageCost.polled / 4)
      tasks[Int(task)].pc -= 1
      startSegment(task, 0)
      return false
    case .replied:
      let cpu = tasks[Int(task)].cpu
      launch(task, slot: index, after: messageCost.polled / 4, homeward: true)
      tasks[Int(task)].phase = .polling
      serverDone(on: cpu)
      return false
    }
  }

  /// A random instance of a class that an OSlet other than `here` keeps for itself; nil without one.
  private mutating func instanceElsewhere(_ lockClass: Int, than here: Int32) -> Int32? {
    let count = applicationOSlets.count
    guard count > 1 else { return nil }
    let place = applicationOSlets.firstIndex(of: here) ?? count
    var other = random.index(below: place < count ? count - 1 : count)
    if other >= place { other += 1 }
    let home = homes[Int(applicationOSlets[other]) * classCount + lockClass]
    guard home.count > 0 else { return nil }
    return home.first + Int32(random.index(below: Int(home.count)))
  }

  /// Sends the request of `task`, which polls for the reply or sleeps until it comes.
  ///
  /// A polled round trip R without service is four line moves: the request travels R/4, the owner
  /// reads it in R/4, writes the reply in R/4, and that travels R/4 (libfipc: a line each way for
  /// payload and flag). A notified one takes the rest of its longer round trip on the way out.
  private mutating func send(_ task: Int32, slot index: Int) {
    slots[index].stage = .remote
    slots[index].origin = tasks[Int(task)].cpu
    slots[index].originServing = tasks[Int(task)].serving
    let lockClass = Int(locks[Int(slots[index].lock)].lockClass)
    let way =
      traits[lockClass].notified
      ? max(0, messageCost.notified - 0.75 * messageCost.polled - interruptCost.send)
      : messageCost.polled / 4
    launch(task, slot: index, after: way + tasks[Int(task)].carry, homeward: false)
    tasks[Int(task)].carry = 0
    if slots[index].sleeps {
      tasks[Int(task)].phase = .away
      leaveCPU(task)
    } else if tasks[Int(task)].serving {
      tasks[Int(task)].phase = .polling
      serverDone(on: tasks[Int(task)].cpu)
    } else {
      let mayGiveUp = tasks[Int(task)].spinDepth == 0
      cpus[Int(tasks[Int(task)].home)].polledSlot = mayGiveUp ? Int32(index) : -1
      spin(task, as: .message)
    }
  }

  /// The slice of a task that polls has ended while others want its CPU: it sleeps until the reply.
  ///
  /// As a poller does that looks at need_resched; else it might poll for what a task behind it owns.
  mutating func stopPolling(on cpu: Int32) {
    let c = Int(cpu)
    let task = cpus[c].current
    let slot = cpus[c].polledSlot
    guard slot >= 0, cpus[c].runHead >= 0 else { return }
    slots[Int(slot)].sleeps = true
    // Inside the crossing it runs on a CPU of the owner.
    leaveCPU(task, owning: Int(slot) - Int(task) * program.depth)
  }

  private mutating func launch(_ task: Int32, slot: Int, after way: Double, homeward: Bool) {
    let t = Int(task)
    tasks[t].slot = Int32(slot)
    tasks[t].homeward = homeward
    tasks[t].armed = queue.insert(at: now + way, handle: Int32(cpus.count) + task)
  }

  /// A request reaches its owner, or a reply the task's own CPU.
  mutating func messageArrived(_ task: Int32) {
    let t = Int(task)
    let index = Int(tasks[t].slot)
    guard tasks[t].homeward else {
      let lock = slots[index].lock
      tasks[t].serving = true
      tasks[t].phase = .parked
      payForMessage(task, messageCost.polled / 4)
      request(
        task, of: locks[Int(lock)].owner, notified: traits[Int(locks[Int(lock)].lockClass)].notified
      )
      return
    }
    slots[index].stage = .local
    tasks[t].cpu = slots[index].origin
    tasks[t].serving = slots[index].originServing
    if slots[index].sleeps {
      makeReady(task, by: -1, after: 0)
    } else {
      resume(task)
    }
  }

  private mutating func payForMessage(_ task: Int32, _ span: Double) {
    tasks[Int(task)].carry += span
    shift(span, to: .message)
  }

  /// A switch of address space, as McKenney's minutes describe the door (LKML 2002-06-24).
  private mutating func payForDoor(_ task: Int32) {
    payForMessage(task, costs.addressSpaceSwitch)
  }
}
