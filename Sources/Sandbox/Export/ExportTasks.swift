import Synchronization

/// The export tasks, shared by the operations that create them, the three that poll and the one that
/// downloads.
final class ExportTasks: Sendable {
    /// Tasks kept at a time; the oldest are dropped first.
    static let mostTasks = 4_096

    private struct State {
        var tasks: [String: ExportTask] = [:]
        var taskByFile: [String: String] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    private let pollsUntilDone: Int

    /// Tasks are `running` for that many polls.
    init(pollsUntilDone: Int) { self.pollsUntilDone = pollsUntilDone }

    /// Creates a task.
    func create(operation: String, project: String, table: ExportedTable, fails: Bool, now: Duration) -> ExportTask {
        let id = Hexadecimal.random(byteCount: 16)
        let stamp = CivilTime(secondsSinceEpoch: now.wholeSeconds).compact.filter(\.isNumber)
        let task = ExportTask(
            id: id, operation: operation, project: project, createdAt: now, table: table, fails: fails,
            fileID: Hexadecimal.random(byteCount: 16), fileName: "hss-\(operation.lowercased())-zh-\(stamp).zip")
        state.withLock { state in
            state.tasks[id] = task
            state.taskByFile[task.fileID] = id
            state.order.append(id)
            if state.order.count > Self.mostTasks, let oldest = state.tasks.removeValue(forKey: state.order.removeFirst()) {
                state.taskByFile[oldest.fileID] = nil
            }
        }
        return task
    }

    /// Polls a task; polling is what advances it, so that no test has to wait.
    func poll(_ id: String, project: String) -> ExportTask? {
        state.withLock { state in
            guard var task = state.tasks[id], task.project == project else { return nil }
            task.polls += 1
            if task.polls > pollsUntilDone { task.status = task.fails ? .failure : .success }
            state.tasks[id] = task
            return task
        }
    }

    /// Polls the newest task of a project, of one operation if `type` names one.
    func pollLatest(type: String?, project: String) -> ExportTask? {
        let id = state.withLock { state in
            let ids = state.order.reversed().filter { state.tasks[$0]?.project == project }
            return ids.first { state.tasks[$0]?.operation == type } ?? ids.first
        }
        return id.flatMap { poll($0, project: project) }
    }

    /// The finished task that a file belongs to.
    func task(file: String, project: String) -> ExportTask? {
        state.withLock { state in
            guard let id = state.taskByFile[file], let task = state.tasks[id] else { return nil }
            return task.project == project && task.status == .success ? task : nil
        }
    }

    /// Removes all tasks.
    func removeAll() { state.withLock { $0 = State() } }
}
