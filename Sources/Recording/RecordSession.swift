import Glibc
import Measures

/// Recording, from loading the probes to a whole file.
public enum RecordSession {
  /// Records as the options say, until the time is over, the command ends, or SIGINT, SIGTERM or
  /// SIGHUP comes; then the trace is whole and the probes are gone.
  ///
  /// With `RecordOptions.overwrite` SIGUSR2 writes a snapshot, with `switchOutput` it ends a file, and
  /// recording goes on.
  ///
  /// `progress` is called about twice a second on the calling thread. Signals are blocked on the
  /// calling thread meanwhile; after the first one that stops the recording they have their default
  /// action again, so a second Ctrl-C ends the process at once and leaves the trace as far as it
  /// is written.
  ///
  /// - Throws: `RecordError`; what is in the file by then stays readable up to its last whole block.
  public static func run(
    _ options: RecordOptions, progress: (RecordProgress) -> Void = { _ in }
  ) throws(RecordError) -> RecordSummary {
    let plan = try RecordingPlan(options)
    let parts = options.overwrite != nil || options.switchOutput != nil
    let loop = try EventLoop(parts ? [SIGUSR2] : [])
    var recorder = try Recorder(options, plan: plan, file: try TraceFile(options.output))

    var child: ChildCommand?
    if !options.command.isEmpty { child = try ChildCommand(options.command) }
    if options.dropsPrivileges {
      // After the command was started, which may run anywhere.
      try DrainAffinity.confine(to: options.drainCPU)
      try Privileges.drop(keeping: options.command.isEmpty ? [] : [.kill])
      try OutputFile.expectSnapshots(options)
    }
    recorder.start()
    child?.release()

    let end: RecordingEnd
    do throws(RecordError) {
      end = try follow(&recorder, loop, &child, options, progress)
    } catch {
      child?.end()
      throw error
    }
    recorder.stop()
    EventLoop.release([SIGINT, SIGTERM, SIGHUP])
    child?.end()
    return try recorder.finish(end: end, child: child?.status)
  }

  /// Drains until there is a reason to stop.
  private static func follow(
    _ recorder: inout Recorder, _ loop: borrowing EventLoop, _ child: inout ChildCommand?,
    _ options: RecordOptions, _ progress: (RecordProgress) -> Void
  ) throws(RecordError) -> RecordingEnd {
    var pace = DrainPace()
    var nextReport = Nanoseconds.seconds(0.5)
    var snapshots = 0
    var fired = 0
    loop.arm(afterMilliseconds: pace.milliseconds)
    while true {
      for wake in loop.wait() {
        switch wake {
        case .signal(SIGCHLD), .input: break
        case .signal(SIGUSR2) where options.switchOutput != nil:
          try recorder.switchIfDue(signalled: true)
        case .signal(SIGUSR2):
          snapshots += 1
          try recorder.snapshot("\(options.output).\(snapshots)")
        case .signal(let number): return .signal(number)
        case .tick:
          let fill = try recorder.tick()
          pace.adapt(to: fill)
          if recorder.takeFirings() > 0 {
            guard let most = options.snapshots else { return .trigger }
            if fired < most {
              fired += 1
              snapshots += 1
              try recorder.snapshot("\(options.output).\(snapshots)")
            }
          }
          try recorder.switchIfDue()
          let elapsed = recorder.elapsed
          if elapsed >= nextReport {
            progress(recorder.progress(fill: fill))
            nextReport = elapsed + .seconds(0.5)
          }
          var pause = pace.milliseconds
          if let duration = options.duration {
            if elapsed >= duration { return .duration }
            pause = min(pause, max(1, Int((duration - elapsed).value / 1e6)))
          }
          loop.arm(afterMilliseconds: pause)
        }
      }
      if child?.hasEnded() == true { return .command }
    }
  }
}

/// How often the logs are drained: as seldom as their filling allows, since every drain is a
/// wake-up on the machine that is measured.
struct DrainPace {
  /// Time to the next drain.
  private(set) var milliseconds = 20

  /// Half as long where a log was more than a quarter full, twice as long where none was a
  /// sixteenth; between 1 and 100 milliseconds.
  mutating func adapt(to fill: Double) {
    if fill > 0.25 {
      milliseconds = max(1, milliseconds / 2)
    } else if fill < 0.0625 {
      milliseconds = min(100, milliseconds * 2)
    }
  }
}
