package import Audit

/// Who created which export task, and which task a file belongs to.
///
/// 1. A task belongs to the callers to whom HSS named it in answer to a create call; usually one, more when HSS answers a running task again.
/// 2. A file belongs to the owners of the task whose poll returned it, regardless of the caller that polled.
/// 3. What is older than `span`, or was pushed out by `limit` newer tasks, is forgotten.
/// 4. A copy, of which a snapshot is made, shares everything: a change after it copies one block of tasks and a part of the index, not all of them.
package struct TaskOwners: Remembered {
    package static let title = "tasks"
    /// It is not documented how long HSS keeps a file; a month is longer than any observed wait.
    package static let span = Duration.seconds(30 * 86_400)
    /// Maximum number of tasks; about 370 bytes each with its file, when their ids are UUIDs.
    package static let limit = 100_000
    /// The most owners of one task.
    static let ownerLimit = 16
    /// The most files of one task. HSS makes one.
    static let fileLimit = 16
    /// The longest identifier that is kept, bytes; the API's have at most 256 characters.
    static let identifierLimit = 1_024

    /// The owner of a task or a file, as seen by one caller.
    package enum Standing: Sendable, Hashable {
        case own, others
        /// No caller is known to have created it.
        case unclaimed
    }

    private var marks = TaskMarks()
    /// The projects and callers of the tasks.
    private var names = CountedNames()
    /// By place, the owners of a task that has several, but the first.
    private var further: [TaskMarks.Place: [CountedNames.Number]] = [:]
    /// By project, how many tasks each caller owns.
    private var owned: [CountedNames.Number: [CountedNames.Number: Int]] = [:]
    /// The tasks in the order of their creation are linked by `TaskMark.next`, from the oldest to the newest.
    private var oldest = TaskMarks.none
    private var newest = TaskMarks.none
    package private(set) var count = 0

    package init() {}

    /// The owner of the task that an id names. It is not documented how HSS compares ids, so an id that is spelled similarly to a known one counts as
    /// that one, and one that is no plain text may name any task.
    package func standing(ofTask id: String, in project: String, for caller: String) -> Standing {
        standing(of: id, isFile: false, in: project, for: caller)
    }

    /// The owner of the file that an id names.
    package func standing(ofFile id: String, in project: String, for caller: String) -> Standing {
        standing(of: id, isFile: true, in: project, for: caller)
    }

    private func standing(of id: String, isFile: Bool, in project: String, for caller: String) -> Standing {
        guard let project = names.number(of: project) else { return .unclaimed }
        let caller = names.number(of: caller)
        if let place = marks.place(of: id, isFile: isFile, in: project) { return owners(at: place).contains { $0 == caller } ? .own : .others }
        guard Spelling.isPlain(id) else { return hasOwners(otherThan: caller, in: project) ? .others : .unclaimed }
        let known = marks.alike(id, in: project).flatMap { owners(at: $0) }
        return known.isEmpty ? .unclaimed : known.contains { $0 != caller } ? .others : .own
    }

    /// The callers that a task belongs to; nil if no caller is known to have created it.
    package func owners(ofTask id: String, in project: String) -> [String]? { owners(of: id, isFile: false, in: project) }

    /// The callers a file belongs to; nil if its task is not known.
    package func owners(ofFile id: String, in project: String) -> [String]? { owners(of: id, isFile: true, in: project) }

    private func owners(of id: String, isFile: Bool, in project: String) -> [String]? {
        guard let project = names.number(of: project), let place = marks.place(of: id, isFile: isFile, in: project) else { return nil }
        return owners(at: place).map { names[$0] }
    }

    /// The owners of the task or file at a place.
    private func owners(at place: TaskMarks.Place) -> [CountedNames.Number] {
        let task = marks[place].task
        return [marks[task].owner] + (further[task] ?? [])
    }

    /// Whether another caller owns a task of a project.
    package func hasOwners(otherThan caller: String, in project: String) -> Bool {
        names.number(of: project).map { hasOwners(otherThan: names.number(of: caller), in: $0) } ?? false
    }

    private func hasOwners(otherThan caller: CountedNames.Number?, in project: CountedNames.Number) -> Bool {
        owned[project]?.contains { $0.key != caller } ?? false
    }

    package mutating func note(_ fact: RecordFact) {
        guard fact.phase == .response, fact.outcome == .success, let project = fact.project, let task = fact.taskID,
            task.utf8.count <= Self.identifierLimit
        else { return }
        if fact.kind == .export {
            if let caller = fact.caller { add(caller, to: task, in: project, at: fact.time) }
        } else if let file = fact.fileID, file.utf8.count <= Self.identifierLimit {
            add(file: file, to: task, in: project)
        }
    }

    package mutating func forget(asOf now: Timestamp) {
        while oldest != TaskMarks.none, count > Self.limit || now.since(marks[oldest].made) > Self.span { removeOldest() }
    }

    private mutating func add(_ caller: String, to id: String, in project: String, at time: Timestamp) {
        let known = names.number(of: project).flatMap { marks.place(of: id, isFile: false, in: $0) }
        guard let task = known else {
            let project = names.use(project)
            let owner = names.use(caller)
            let task = marks.add(TaskMark(id: id, project: project, owner: owner, made: time))
            owned[project, default: [:]][owner, default: 0] += 1
            if newest == TaskMarks.none { oldest = task } else { marks[newest].next = task }
            newest = task
            count += 1
            // The oldest has to go; only the memory's clock says whether others are too old.
            if count > Self.limit { removeOldest() }
            return
        }
        let owners = owners(at: task)
        guard owners.count < Self.ownerLimit, !owners.contains(where: { names[$0] == caller }) else { return }
        let owner = names.use(caller)
        owned[marks[task].project, default: [:]][owner, default: 0] += 1
        further[task, default: []].append(owner)
    }

    private mutating func add(file: String, to id: String, in project: String) {
        // The first task keeps its file: a later poll can't assign a file to another task.
        guard let number = names.number(of: project), let task = marks.place(of: id, isFile: false, in: number),
            marks.place(of: file, isFile: true, in: number) == nil, marks.files(of: task).count < Self.fileLimit
        else { return }
        marks.add(TaskMark(id: file, project: number, task: task, file: marks[task].file, made: marks[task].made))
    }

    private mutating func removeOldest() {
        let task = oldest
        let mark = marks[task]
        for owner in owners(at: task) {
            let left = owned[mark.project, default: [:]][owner, default: 0] - 1
            owned[mark.project]?[owner] = left > 0 ? left : nil
            if owned[mark.project]?.isEmpty == true { owned[mark.project] = nil }
            names.release(owner)
        }
        names.release(mark.project)
        further[task] = nil
        for file in marks.files(of: task) { marks.remove(file) }
        marks.remove(task)
        oldest = mark.next
        if oldest == TaskMarks.none { newest = TaskMarks.none }
        count -= 1
    }
}

extension TaskOwners {
    package func forEachLine(_ body: (SavedLine) -> Void) {
        var task = oldest
        while task != TaskMarks.none {
            let mark = marks[task]
            let owners = owners(at: task)
            let head = [names[mark.project], mark.id, String(mark.made.microseconds), String(owners.count)]
            body(SavedLine(head + owners.map { names[$0] } + marks.files(of: task).reversed().map { marks[$0].id }))
            task = mark.next
        }
    }

    package mutating func restore(_ line: SavedLine) -> Bool {
        guard line.fields.count > 4, let made = Int64(line.fields[2]), let owners = Int(line.fields[3]), owners > 0,
            owners <= Self.ownerLimit, line.fields.count >= 4 + owners
        else { return false }
        let (project, task) = (line.fields[0], line.fields[1])
        for owner in line.fields[4..<(4 + owners)] { add(owner, to: task, in: project, at: Timestamp(microseconds: made)) }
        for file in line.fields[(4 + owners)...] { add(file: file, to: task, in: project) }
        return true
    }
}
