package import Audit

/// Who created which export task, and which task a file belongs to.
///
/// 1. A task belongs to the callers to whom HSS named it in answer to a create call; usually one, more when HSS answers a running task again.
/// 2. A file belongs to the owners of the task whose poll returned it, regardless of the caller that polled.
/// 3. What is older than `span`, or was pushed out by `limit` newer tasks, is forgotten.
package struct TaskOwners: Remembered {
    package static let title = "tasks"
    /// It is not documented how long HSS keeps a file; a month is longer than any observed wait.
    package static let span = Duration.seconds(30 * 86_400)
    /// Maximum number of tasks; about 250 bytes each.
    package static let limit = 100_000
    /// The most owners of one task.
    static let ownerLimit = 16
    /// The longest identifier that is kept, bytes; the API's have at most 256 characters.
    static let identifierLimit = 1_024

    struct Key: Hashable {
        let project: String
        let id: String
    }

    /// The owner of a task or a file, as seen by one caller.
    package enum Standing: Sendable, Hashable {
        case own, others
        /// No caller is known to have created it.
        case unclaimed
    }

    struct Task {
        var owners: [String]
        var files: [String]
        let made: Timestamp
    }

    private var tasks: [Key: Task] = [:]
    /// By file, the task.
    private var files: [Key: Key] = [:]
    /// The ids of tasks and files, by their folded form, in which a lenient server may compare them.
    private var spellings: [Key: [Spelling]] = [:]
    /// By project, how many tasks each caller owns.
    private var owned: [String: [String: Int]] = [:]
    /// The tasks in the order of their creation. Those before `oldest` have been removed.
    private var order: [Key] = []
    private var oldest = 0

    package init() {}

    package var count: Int { tasks.count }

    /// The owner of the task that an id names. It is not documented how HSS compares ids, so an id that is spelled similarly to a known one counts as
    /// that one, and one that is no plain text may name any task.
    package func standing(ofTask id: String, in project: String, for caller: String) -> Standing {
        standing(of: id, owners(ofTask: id, in: project), in: project, for: caller)
    }

    /// The owner of the file that an id names.
    package func standing(ofFile id: String, in project: String, for caller: String) -> Standing {
        standing(of: id, owners(ofFile: id, in: project), in: project, for: caller)
    }

    private func standing(of id: String, _ owners: [String]?, in project: String, for caller: String) -> Standing {
        if let owners { return owners.contains(caller) ? .own : .others }
        guard Spelling.isPlain(id) else { return hasOwners(otherThan: caller, in: project) ? .others : .unclaimed }
        let alike = spellings[Key(project: project, id: Spelling.folded(id))] ?? []
        let known = alike.flatMap { $0.isFile ? self.owners(ofFile: $0.id, in: project) ?? [] : self.owners(ofTask: $0.id, in: project) ?? [] }
        return known.isEmpty ? .unclaimed : known.contains { $0 != caller } ? .others : .own
    }

    /// The callers that a task belongs to; nil if no caller is known to have created it.
    package func owners(ofTask id: String, in project: String) -> [String]? {
        tasks[Key(project: project, id: id)]?.owners
    }

    /// The callers a file belongs to; nil if its task is not known.
    package func owners(ofFile id: String, in project: String) -> [String]? {
        files[Key(project: project, id: id)].flatMap { tasks[$0]?.owners }
    }

    /// Whether another caller owns a task of a project.
    package func hasOwners(otherThan caller: String, in project: String) -> Bool {
        owned[project]?.contains { $0.key != caller } ?? false
    }

    package mutating func note(_ fact: RecordFact) {
        guard fact.phase == .response, fact.outcome == .success, let project = fact.project, let task = fact.taskID,
            task.utf8.count <= Self.identifierLimit
        else { return }
        let key = Key(project: project, id: task)
        if fact.kind == .export {
            if let caller = fact.caller { add(caller, to: key, at: fact.time) }
        } else if let file = fact.fileID, file.utf8.count <= Self.identifierLimit {
            add(file: file, to: key)
        }
    }

    package mutating func forget(asOf now: Timestamp) {
        while oldest < order.count, tasks.count > Self.limit || isStale(order[oldest], now) {
            if let task = tasks.removeValue(forKey: order[oldest]) {
                let key = order[oldest]
                for owner in task.owners { count(owner, in: key.project, -1) }
                removeSpelling(Spelling(id: key.id, isFile: false), in: key.project)
                for file in task.files {
                    files[Key(project: key.project, id: file)] = nil
                    removeSpelling(Spelling(id: file, isFile: true), in: key.project)
                }
            }
            oldest += 1
        }
        // Compacted only when half of it was removed, so that the cost is proportional to the number of removed entries.
        guard oldest > order.count / 2 else { return }
        order.removeFirst(oldest)
        oldest = 0
    }

    private func isStale(_ key: Key, _ now: Timestamp) -> Bool {
        tasks[key].map { now.since($0.made) > Self.span } ?? true
    }

    private mutating func add(_ caller: String, to key: Key, at time: Timestamp) {
        guard var task = tasks[key] else {
            count(caller, in: key.project, 1)
            tasks[key] = Task(owners: [caller], files: [], made: time)
            addSpelling(Spelling(id: key.id, isFile: false), in: key.project)
            order.append(key)
            // The oldest has to go; only the memory's clock says whether others are too old.
            if tasks.count > Self.limit { forget(asOf: Timestamp(microseconds: 0)) }
            return
        }
        guard !task.owners.contains(caller), task.owners.count < Self.ownerLimit else { return }
        count(caller, in: key.project, 1)
        task.owners.append(caller)
        tasks[key] = task
    }

    private mutating func count(_ caller: String, in project: String, _ change: Int) {
        let count = owned[project, default: [:]][caller, default: 0] + change
        owned[project, default: [:]][caller] = count > 0 ? count : nil
    }

    private mutating func addSpelling(_ spelling: Spelling, in project: String) {
        spellings[Key(project: project, id: Spelling.folded(spelling.id)), default: []].append(spelling)
    }

    private mutating func removeSpelling(_ spelling: Spelling, in project: String) {
        let place = Key(project: project, id: Spelling.folded(spelling.id))
        spellings[place]?.removeAll { $0 == spelling }
        if spellings[place]?.isEmpty == true { spellings[place] = nil }
    }

    private mutating func add(file: String, to key: Key) {
        let name = Key(project: key.project, id: file)
        // The first task keeps its file: a later poll can't assign a file to another task.
        guard files[name] == nil, tasks[key] != nil else { return }
        files[name] = key
        addSpelling(Spelling(id: file, isFile: true), in: key.project)
        tasks[key]?.files.append(file)
    }
}

/// The id of a task or a file as HSS wrote it.
private struct Spelling: Hashable {
    let id: String
    let isFile: Bool

    /// Whether an id is of letters, digits and the punctuation that occurs in ids.
    static func isPlain(_ id: String) -> Bool {
        id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default:
                false
            }
        }
    }

    /// Letters in lower case and digits, without leading zeros: equal for all spellings of an id.
    static func folded(_ id: String) -> String {
        let kept = id.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: nil
            }
        }
        return String(decoding: kept.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
    }
}

extension TaskOwners {
    package var lines: [SavedLine] {
        order[oldest...].compactMap { key in
            guard let task = tasks[key] else { return nil }
            let head = [key.project, key.id, String(task.made.microseconds), String(task.owners.count)]
            return SavedLine(head + task.owners + task.files)
        }
    }

    package mutating func restore(_ line: SavedLine) -> Bool {
        guard line.fields.count > 4, let made = Int64(line.fields[2]), let owners = Int(line.fields[3]), owners > 0,
            owners <= Self.ownerLimit, line.fields.count >= 4 + owners
        else { return false }
        let key = Key(project: line.fields[0], id: line.fields[1])
        for owner in line.fields[4..<(4 + owners)] { add(owner, to: key, at: Timestamp(microseconds: made)) }
        for file in line.fields[(4 + owners)...] { add(file: file, to: key) }
        return true
    }
}
