import TraceFormat
import Workloads

/// The lock instances a trace speaks of, and the time between hand-overs of each.
///
/// An instance is an address and a family: an address freed and used again for another kind of lock
/// is another instance. One used again for the same kind cannot be told apart.
struct LockLedger: Sendable {
  /// One lock in memory.
  struct Instance: Sendable {
    /// The address: an index into `places`.
    var place: Int32
    /// When it last went to a traced waiter; 0 where that is unknown.
    var lastAcquired: UInt64 = 0
    /// The task that got it then, or -1, and its clock then.
    var owner: Int32 = -1
    var ownerClock = OwnerClock()
    /// The loss epoch of `lastAcquired`.
    var epoch: UInt32 = 0
    /// The oldest and the youngest open wait for it, or -1.
    var oldest: Int32 = -1
    var youngest: Int32 = -1
    /// Begins or ends of it that stayed alone.
    var orphans: UInt32 = 0
    /// The same address under another family, or -1.
    var alias: Int32 = -1
    var family: LockFamily
    /// The stack last taken of somebody who waits for it.
    var lastStack = StackID.none
    /// Whether `lastAcquired` went to a writer (or to a lock without readers).
    var lastExclusive = false
    /// Whether a waiter named another owner than the one that got it last.
    var isDisputed = false
    /// Writers that wait for it.
    var writers: Int32 = 0
    /// Tasks on the mutex's wait list, and since when there is one.
    var sleepers: Int32 = 0
    var sleptOnSince: UInt64 = 0
    /// Nanoseconds with somebody on the wait list, up to `censusUntil`, and who came meanwhile.
    var census: UInt64 = 0
    var censusUntil: UInt64 = 0
    var censusArrivals: UInt32 = 0

    /// Since when somebody is on the wait list; nil while nobody is.
    ///
    /// Those who spin for a mutex leave its fast path open.
    var listedSince: UInt64? { sleepers > 0 ? sleptOnSince : nil }
  }

  /// One address and what the recorder could say of it.
  struct Place: Sendable {
    var address: UInt64
    /// The first instance there, or -1.
    var first: Int32 = -1
    var hint = LockHint.unknown
    /// A stack seen on it, or none.
    var stack = StackID.none
    /// What the hint names: an mm, a sighand, a slab object; 0 without a hint.
    var object: UInt64 = 0
    /// The slab cache of a `slab` hint.
    var cache: UInt64 = 0
  }

  /// One time between hand-overs while somebody waited: the previous owner's hold and the hand-over.
  struct Backlog: Sendable {
    var lock: Int32
    /// When it ended.
    var end: UInt64
    /// Nanoseconds.
    var span: UInt64
    /// The part of it in which the owner had no CPU or spun for another lock, nanoseconds.
    var stood: UInt64
    /// Of that, asleep and not for a lock.
    var slept: UInt64
    /// Whether the next owner was spinning when it got the lock.
    var spinning: Bool
    /// Whether the recorder walked the next owner's stack before that could look at the lock again.
    var isWalked: Bool
    /// How long the next owner had waited, nanoseconds.
    var wait: UInt64
    /// Whether the fast path was closed: always but for a mutex that tasks only spin for.
    var isClosed = true
    /// Who had the lock, who got it next, and when the span ended.
    var owner: Int32
    var next: Int32
    var until: UInt64

    /// The part in which the owner moved on.
    var moved: UInt64 { span - stood }
  }

  /// One waiter that named an owner while somebody had been waiting since before the last traced one got
  /// the lock.
  struct Naming: Sendable {
    var lock: Int32
    var time: UInt64
    /// Whether it named that one.
    var isSame: Bool
  }

  private var addresses = HandleTable(capacity: 1024)
  /// Every address, in order of first sight.
  private(set) var places: [Place] = []
  /// Every instance, by handle.
  var instances: [Instance] = []
  /// Every hold seen under backlog.
  private(set) var backlogs: [Backlog] = []
  /// Whom waiters named.
  private(set) var namings: [Naming] = []
  /// Readers that entered together in front of a waiting writer, by lock.
  private var batches: [Int32: ReaderBatch] = [:]
  /// What batches say of readers' holds.
  private(set) var readerSpans: [ReaderSpan] = []
  /// Goes up wherever events are missing, which makes every `lastAcquired` worthless.
  private(set) var epoch: UInt32 = 1

  /// The instance at `address` of `family`, new at first sight.
  ///
  /// O(1).
  mutating func instance(_ address: UInt64, _ family: LockFamily) -> Int32 {
    let place = place(address)
    var handle = places[place].first
    if handle < 0 {
      places[place].first = append(place, family)
      return places[place].first
    }
    while instances[Int(handle)].family != family {
      let next = instances[Int(handle)].alias
      guard next >= 0 else {
        let made = append(place, family)
        instances[Int(handle)].alias = made
        return made
      }
      handle = next
    }
    return handle
  }

  /// The first instance at `address`, if there is any.
  func known(_ address: UInt64) -> Int32? {
    guard let place = addresses.find(address) else { return nil }
    let first = places[Int(place)].first
    return first < 0 ? nil : first
  }

  private mutating func place(_ address: UInt64) -> Int {
    let place = Int(addresses.insert(address))
    if place == places.count { places.append(Place(address: address)) }
    return place
  }

  private mutating func append(_ place: Int, _ family: LockFamily) -> Int32 {
    instances.append(Instance(place: Int32(truncatingIfNeeded: place), family: family))
    return Int32(truncatingIfNeeded: instances.count - 1)
  }

  /// Says that a wait ended with the lock at `end`.
  ///
  /// If somebody stood in the queue from before the previous traced owner got the lock until now,
  /// nobody untraced can have had it in between: the fast paths are closed while the queue is not
  /// empty (queued_spin_lock_slowpath; MUTEX_FLAG_WAITERS in __mutex_trylock_fast, Linux 6.18). So the
  /// time since is that owner's hold plus the hand-over. A batch of readers has no single owner and
  /// gives none.
  ///
  /// - Parameter queued: when the oldest waiter of the lock, this one included, began to wait; on a
  ///   FIFO lock an older one than this means lost events, and there is nothing to learn: nil.
  /// - Parameter released: when this one was woken, which owners do as they give a lock back: what
  ///   follows is the way to a CPU and no part of the hold.
  /// - Parameter byOwner: whether the previous traced owner woke it: if not, another had the lock in
  ///   between that was not traced (`rwsem_wake`, `__mutex_unlock_slowpath`).
  mutating func acquired(
    _ handle: Int32, queued: UInt64?, spinningSince: UInt64? = nil, released: UInt64? = nil,
    byOwner: Bool = true,
    begin: UInt64, end: UInt64, exclusive: Bool, spinning: Bool, isWalked: Bool = false,
    before: OwnerClock = OwnerClock(),
    by owner: Int32 = -1,
    clock: OwnerClock = OwnerClock()
  ) {
    let index = Int(handle)
    let last = instances[index].lastAcquired
    let until = released ?? end
    let isClosed = queued.map { $0 < last } ?? false
    if isClosed || spinningSince.map({ $0 < last }) ?? false, until >= last, byOwner,
      instances[index].lastExclusive, instances[index].epoch == epoch,
      !instances[index].isDisputed
    {
      let then = instances[index].ownerClock
      let stood =
        (before.off &- min(then.off, before.off)) &+ (before.spun &- min(then.spun, before.spun))
      backlogs.append(
        Backlog(
          lock: handle, end: end, span: until - last, stood: min(stood, until - last),
          slept: before.slept &- min(then.slept, before.slept), spinning: spinning,
          isWalked: isWalked,
          wait: end - min(begin, end), isClosed: isClosed, owner: instances[index].owner,
          next: owner, until: until))
    }
    instances[index].isDisputed = false
    instances[index].owner = owner
    instances[index].ownerClock = clock
    instances[index].lastAcquired = end
    instances[index].lastExclusive = exclusive
    instances[index].epoch = epoch
  }

  /// Says that a waiter found the lock with `owner` at `now`; `queued`: since when somebody waits for it.
  mutating func names(_ owner: Int32, of handle: Int32, queued: UInt64?, now: UInt64) {
    let index = Int(handle)
    guard instances[index].owner >= 0, instances[index].epoch == epoch else { return }
    let isSame = instances[index].owner == owner
    if !isSame { instances[index].isDisputed = true }
    guard let queued, queued < instances[index].lastAcquired else { return }
    namings.append(Naming(lock: handle, time: now, isSame: isSame))
  }

  /// Says that a reader that waited owns the lock from `now` on.
  ///
  /// With a writer waiting no other reader comes after it, and it came behind a writer itself: so those who
  /// enter now are all readers there are (`queued_read_lock_slowpath`, `rwsem_mark_wake`, Linux 6.18).
  mutating func readerEnters(_ handle: Int32, _ task: Int32, now: UInt64, clock: OwnerClock) {
    var batch = batches[handle] ?? ReaderBatch(epoch: epoch)
    batch.isOpen = batch.isOpen || instances[Int(handle)].writers == 0 || batch.epoch != epoch
    batch.readers.append(ReaderBatch.Reader(task: task, since: now, clock: clock))
    batches[handle] = batch
  }

  /// Says that a writer that waited owns the lock; `waker`: who woke it as it gave the lock back at `now`.
  mutating func writerEnters(
    _ handle: Int32, after waker: Int32?, now: UInt64, clock: OwnerClock, isWalked: Bool
  ) {
    guard let batch = batches.removeValue(forKey: handle), !batch.isOpen, batch.epoch == epoch,
      !isWalked
    else { return }
    readerSpans += batch.spans(lock: handle, last: waker, now: now, clock: clock)
  }

  /// Takes back what was concluded from `time` on: events are missing since then.
  mutating func distrust(since time: UInt64) {
    while let last = backlogs.last, last.end > time { backlogs.removeLast() }
    while let last = readerSpans.last, last.end > time { readerSpans.removeLast() }
    while let last = namings.last, last.time > time { namings.removeLast() }
  }

  /// Says that somebody of whom no more is known got the lock at `end`.
  mutating func acquiredByUnknown(_ handle: Int32, end: UInt64) {
    instances[Int(handle)].owner = -1
    instances[Int(handle)].lastAcquired = end
    // It may have been a reader, whose end says nothing of when the last of them leaves.
    instances[Int(handle)].lastExclusive = !instances[Int(handle)].family.kind.hasReaders
    instances[Int(handle)].epoch = epoch
  }

  /// Says that a task comes for a mutex.
  ///
  /// While somebody is on the wait list no fast path is open, so every task that comes is traced
  /// (MUTEX_FLAG_WAITERS, `__mutex_trylock_fast`, kernel/locking/mutex.c, Linux 6.18): a census.
  mutating func arrives(_ handle: Int32, now: UInt64) {
    guard instances[Int(handle)].sleepers > 0 else { return }
    count(handle, until: now)
    instances[Int(handle)].censusArrivals &+= 1
  }

  /// Says that a task goes to the mutex's wait list.
  mutating func sleeperJoins(_ handle: Int32, now: UInt64) {
    let index = Int(handle)
    if instances[index].sleepers == 0 {
      instances[index].sleptOnSince = now
      instances[index].censusUntil = now
    }
    instances[index].sleepers += 1
  }

  /// Says that a task leaves the mutex's wait list; a nil time where its leaving was not seen.
  mutating func sleeperLeaves(_ handle: Int32, now: UInt64?) {
    if let now { count(handle, until: now) }
    instances[Int(handle)].sleepers -= 1
  }

  private mutating func count(_ handle: Int32, until now: UInt64) {
    let since = instances[Int(handle)].censusUntil
    guard now > since else { return }
    instances[Int(handle)].census &+= now - since
    instances[Int(handle)].censusUntil = now
  }

  /// Forgets who had what: events are missing here.
  mutating func forget() { epoch &+= 1 }

  /// Takes over what the recorder could say of a lock.
  mutating func hint(_ event: Event) {
    guard let found = LockHint(rawValue: event.value) else { return }
    let place = place(event.a)
    if places[place].stack == .none { places[place].stack = event.stack }
    guard found != .unknown, places[place].hint == .unknown else { return }
    places[place].hint = found
    places[place].object = event.b
    places[place].cache = event.c
  }
}
