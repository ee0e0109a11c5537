/// Tasks and files by their ids. An id is found by its folded form, in which a lenient server may compare ids.
///
/// 1. Places are reused; `free` holds those of marks that were removed.
/// 2. Marks are in blocks and the index is in parts, so that a change after a copy copies one of each.
struct TaskMarks: Sendable {
    typealias Place = Int32
    static let none: Place = -1
    /// Marks in a block, 48 bytes each.
    private static let blockSize = 256
    private static let parts = 256

    private var blocks: [[TaskMark]] = []
    /// By a digest of project and folded id the first mark with it, from which `TaskMark.alike` leads to the others.
    private var index = [[Int: Place]](repeating: [:], count: parts)
    private var free: [Place] = []

    subscript(place: Place) -> TaskMark {
        get { blocks[Int(place) / Self.blockSize][Int(place) % Self.blockSize] }
        set { blocks[Int(place) / Self.blockSize][Int(place) % Self.blockSize] = newValue }
    }

    /// The task or the file with exactly this id.
    func place(of id: String, isFile: Bool, in project: CountedNames.Number) -> Place? {
        chain(Self.digest(id, project)).first { place in
            let mark = self[place]
            return mark.project == project && (mark.task != place) == isFile && mark.id == id
        }
    }

    /// Tasks and files whose ids are spelled similarly.
    func alike(_ id: String, in project: CountedNames.Number) -> [Place] {
        let folded = Spelling.folded(id)
        return chain(Self.digest(id, project)).filter { self[$0].project == project && Spelling.folded(self[$0].id) == folded }
    }

    /// A task's files, the last one first.
    func files(of task: Place) -> [Place] {
        Array(sequence(first: self[task].file) { self[$0].file }.prefix { $0 != Self.none })
    }

    /// Adds a task, or a file to its task.
    @discardableResult
    mutating func add(_ new: TaskMark) -> Place {
        var mark = new
        let digest = Self.digest(mark.id, mark.project)
        mark.alike = index[Self.part(digest)][digest] ?? Self.none
        let place = free.popLast() ?? newPlace(mark)
        if mark.task == Self.none {
            mark.task = place
        } else {
            mark.file = self[mark.task].file
            self[mark.task].file = place
        }
        self[place] = mark
        index[Self.part(digest)][digest] = place
        return place
    }

    /// Removes a mark from the index. The caller also removes the mark whose `file` or `next` leads to this one.
    mutating func remove(_ place: Place) {
        let digest = Self.digest(self[place].id, self[place].project)
        let after = self[place].alike
        if let before = chain(digest).first(where: { self[$0].alike == place }) {
            self[before].alike = after
        } else {
            index[Self.part(digest)][digest] = after == Self.none ? nil : after
        }
        self[place] = TaskMark(id: "", project: CountedNames.none, made: self[place].made)
        free.append(place)
    }

    private mutating func newPlace(_ mark: TaskMark) -> Place {
        if blocks.last.map({ $0.count == Self.blockSize }) ?? true {
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(Self.blockSize)
        }
        blocks[blocks.count - 1].append(mark)
        return Place((blocks.count - 1) * Self.blockSize + blocks[blocks.count - 1].count - 1)
    }

    private func chain(_ digest: Int) -> some Sequence<Place> {
        sequence(first: index[Self.part(digest)][digest] ?? Self.none) { self[$0].alike }.lazy.prefix { $0 != Self.none }
    }

    private static func part(_ digest: Int) -> Int { digest & (parts - 1) }

    private static func digest(_ id: String, _ project: CountedNames.Number) -> Int {
        var hasher = Hasher()
        hasher.combine(project)
        Spelling.forEachFolded(id) { hasher.combine($0) }
        return hasher.finalize()
    }
}
