import Audit

/// A task or a file that `TaskOwners` remembers.
struct TaskMark: Sendable {
    let id: String
    let project: CountedNames.Number
    /// A task's first owner.
    var owner = CountedNames.none
    /// A file's task; of a task its own place.
    var task = TaskMarks.none
    /// The next mark with the same digest.
    var alike = TaskMarks.none
    /// Of a task the file that it got last; of a file the one that its task got before it.
    var file = TaskMarks.none
    /// The task that was made after this one.
    var next = TaskMarks.none
    /// When the task was made.
    let made: Timestamp
}
