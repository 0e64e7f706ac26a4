import FoundationEssentials
import Reporting

/// The script that plays a sweep as a Slurm job array and puts it together.
///
/// It is written and not run: whoever submits it can read it first, and options of the site (partition,
/// account, time) are its arguments, for both jobs alike. The second job waits for the end of all tasks,
/// good or bad (`afterany`): a task that failed leaves cells missing, which the merge counts. Tasks may be
/// requeued, and run twice: see `SweepFolder`.
struct SlurmScript {
  let folder: SweepFolder
  /// Tasks of the array.
  let tasks: Int
  /// This program, as the nodes find it.
  let program: String

  /// A script of at most `tasks` tasks.
  init(_ folder: SweepFolder, atMost tasks: Int) {
    self.folder = folder
    self.tasks = max(1, min(tasks, folder.plan.count))
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    program = own ?? "oslet"
  }

  /// The text, for bash.
  var text: String {
    let place = URL(filePath: folder.path).standardizedFileURL.path()
    let path = place.hasSuffix("/") ? String(place.dropLast()) : place
    let quoted = ShellCommand.quoted
    let task =
      quoted([program, "sweep", "-o", path, "--task"]) + " \"$SLURM_ARRAY_TASK_ID/\(tasks)\""
    let merge = quoted([program, "sweep", "-o", path, "--merge"])
    let log = { (name: String) in quoted(["--output=\(path)/logs/\(name).txt"]) }
    return """
      #!/bin/bash
      # \(folder.plan.count) predictions in \(tasks) tasks, then one job that puts them together.
      # Arguments go to both sbatch commands: bash submit.sh --partition=batch --time=60
      set -euo pipefail
      array=$(sbatch --parsable --job-name=oslet-sweep --array=0-\(tasks - 1) --requeue \\
        \(log("%A_%a")) "$@" --wrap=\(quoted([task])))
      array=${array%%;*}
      merge=$(sbatch --parsable --job-name=oslet-merge --dependency=afterany:"$array" \\
        \(log("merge-%j")) "$@" --wrap=\(quoted([merge])))
      echo "tasks: job $array; merge: job ${merge%%;*}"

      """
  }
}
