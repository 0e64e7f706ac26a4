import CBPF
import Glibc

/// What the recorder waits for.
enum Wake: Hashable, Sendable {
  /// Time to drain the logs.
  case tick
  /// A signal, by number.
  case signal(Int32)
  /// A byte of the input.
  case input(UInt8)
}

/// Waits for signals and the drain's timer in one place: signalfd and timerfd under epoll.
///
/// The signals stay blocked for the process's threads as long as the loop lives; the command that
/// is started gets them unblocked.
struct EventLoop: ~Copyable {
  private let epoll: Int32
  private let timer: Int32
  private let signals: Int32
  private let numbers: [Int32]
  private let input: Int32?

  /// SIGINT and SIGTERM stop, SIGCHLD tells of the command's end.
  static let handled = [SIGINT, SIGTERM, SIGHUP, SIGCHLD]

  /// Blocks the signals, those and `more`, and opens the descriptors; `input` is read as well.
  init(_ more: [Int32] = [], input: Int32? = nil) throws(RecordError) {
    numbers = Self.handled + more
    self.input = input
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    // A closed pipe, and a file at its limit, are errors of write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    signals = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard signals >= 0, timer >= 0, epoll >= 0 else {
      throw .system(call: "opening the event loop", errno: oslet_errno())
    }
    for descriptor in [signals, timer] + (input.map { [$0] } ?? []) {
      var event = unsafe epoll_event()
      unsafe event.events = EPOLLIN.rawValue
      unsafe event.data.fd = descriptor
      unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }
  }

  deinit {
    close(epoll)
    close(timer)
    close(signals)
    Self.release(numbers)
  }

  /// Sets the next tick, once, this far from now.
  func arm(afterMilliseconds milliseconds: Int) {
    var time = itimerspec()
    time.it_value.tv_sec = milliseconds / 1000
    time.it_value.tv_nsec = milliseconds % 1000 * 1_000_000
    unsafe timerfd_settime(timer, 0, &time, nil)
  }

  /// Waits until something happens.
  func wait() -> [Wake] {
    var event = unsafe epoll_event()
    guard unsafe epoll_wait(epoll, &event, 1, -1) > 0 else { return [] }
    var wakes: [Wake] = []
    if let input, unsafe event.data.fd == input {
      var byte: UInt8 = 0
      if unsafe read(input, &byte, 1) == 1 {
        wakes.append(.input(byte))
      } else {
        // Its end would be news for ever.
        epoll_ctl(epoll, EPOLL_CTL_DEL, input, nil)
      }
    }
    var expirations: UInt64 = 0
    if unsafe read(timer, &expirations, 8) == 8 { wakes.append(.tick) }
    var info = signalfd_siginfo()
    while unsafe read(signals, &info, MemoryLayout<signalfd_siginfo>.size)
      == MemoryLayout<signalfd_siginfo>.size
    {
      wakes.append(.signal(Int32(info.ssi_signo)))
    }
    return wakes
  }

  /// Gives signals back their default action: a second Ctrl-C then ends the process at once, and
  /// leaves the file as it is.
  static func release(_ numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
