import Files
internal import Glibc

/// Checks checkpoints while the tree is recomputed: the journal's own by their size, those from outside, and the newest.
struct CheckpointJury {
    private let store: CheckpointStore
    private let origin: String?
    private var keys: [NoteVerifier]
    /// Checkpoints that are not checked yet, by size, ascending; several may have one size.
    private var awaited: [(size: UInt64, file: String, note: String?)] = []
    /// Checkpoints with the right root and an unknown key: a later record may show that this key replaced an earlier one.
    private var undecided: [(SignedCheckpoint, file: String)] = []
    private(set) var checked = 0
    private(set) var signed: UInt64 = 0
    private(set) var isAnchored = false
    private(set) var torn = 0
    /// Files of the directory that are there and can't be read, so that nothing could be compared with them.
    private(set) var unreadable: [String] = []
    /// Files from outside with checkpoints of records that were all removed since, so that there is nothing to compare them with.
    private(set) var unreached: [String] = []
    private var position = 0

    /// - Parameters:
    ///   - elsewhere: notes from outside the directory, with their file's name.
    ///   - removed: the evidence about removed records; its checkpoint is checked like the others.
    init(_ store: CheckpointStore, keys: [NoteVerifier], elsewhere: [(file: String, note: String)], removed: RemovedPrefix?) {
        self.store = store
        self.keys = keys
        origin = keys.first?.name
        if let sizes = present(store.listed(), CheckpointStore.directoryName) {
            awaited = sizes.map { ($0, "\(CheckpointStore.directoryName)/\(SegmentName.digits($0))", nil) }
        }
        if let text = present(SmallFile.read(store.newestPath), CheckpointStore.newestName) {
            if let newest = SignedCheckpoint(note: text) { awaited.append((newest.head.size, CheckpointStore.newestName, text)) } else { torn += 1 }
        }
        if let removed { awaited.append((removed.tree.size, RemovedPrefix.fileName, removed.checkpoint.note)) }
        for (file, note) in elsewhere { awaited.append((SignedCheckpoint(note: note)?.head.size ?? 0, file, note)) }
        awaited.sort { ($0.size, $0.file) < ($1.size, $1.file) }
    }

    /// Whether a file's name belongs to the directory.
    private static func isOwn(_ file: String) -> Bool {
        [CheckpointStore.newestName, RemovedPrefix.fileName].contains(file) || file.hasPrefix(CheckpointStore.directoryName + "/")
    }

    /// What was read; nil if it isn't there, as what a running gateway has removed since it was listed, or can't be read.
    private mutating func present<Content>(_ result: Result<Content, ErrorCode>, _ file: String) -> Content? {
        switch result {
        case .success(let content): return content
        case .failure(let error):
            if error.code != ENOENT { unreadable.append(file) }
            return nil
        }
    }

    /// The largest size of any checkpoint.
    var largest: UInt64 { awaited.last?.size ?? 0 }

    /// The size of the next checkpoint to come.
    var nextSize: UInt64? { position < awaited.count ? awaited[position].size : nil }

    /// The sizes above a number for which there is a checkpoint in the directory.
    func sizes(after size: UInt64) -> [UInt64] { awaited.lazy.filter { $0.size > size && $0.note == nil }.map(\.size) }

    /// A record shows that a key replaced another one.
    mutating func learn(_ change: KeyChange) -> Bool {
        guard keys.contains(change.old) || keys.contains(change.new) else { return keys.isEmpty }
        for key in [change.old, change.new] where !keys.contains(key) { keys.append(key) }
        return true
    }

    /// Checks the checkpoints of the tree's size and those before it. Returns the first fault.
    mutating func judge(_ head: TreeHead, removedBefore: UInt64) -> VerificationReport.Fault? {
        while let size = nextSize, size <= head.size {
            let (_, file, held) = awaited[position]
            position += 1
            guard let note = held ?? present(SmallFile.read(store.path(size)), file) else { continue }
            guard let checkpoint = SignedCheckpoint(note: note) else {
                if Self.isOwn(file) { torn += 1 } else { return fault(.forgedCheckpoint, size, file, "is no checkpoint") }
                continue
            }
            if let fault = judge(checkpoint, file, size, head, removedBefore) { return fault }
        }
        return nil
    }

    private mutating func judge(
        _ checkpoint: SignedCheckpoint, _ file: String, _ size: UInt64, _ head: TreeHead, _ removedBefore: UInt64
    ) -> VerificationReport.Fault? {
        if let origin, checkpoint.origin != origin {
            return fault(.otherLog, size, file, "is of another journal, \(checkpoint.origin), and not of \(origin)")
        }
        if checkpoint.head.size != size {
            return fault(.forgedCheckpoint, size, file, "is of size \(checkpoint.head.size) and stands in the place of \(size)")
        }
        if keys.isEmpty { return nil }
        let isKnown = checkpoint.signer(among: keys) != nil
        // Removed records can't be hashed again; later checkpoints cover them.
        if size < removedBefore {
            if !Self.isOwn(file), !unreached.contains(file) { unreached.append(file) }
            return nil
        }
        guard checkpoint.head == TreeHead(size: size, root: head.root), size == head.size else {
            if !isKnown { return fault(.forgedCheckpoint, size, file, "is not signed by the key") }
            if !Self.isOwn(file) {
                let sentence =
                    "\(file), a checkpoint of \(size) records from elsewhere with a good signature, has another root: the history before "
                    + "record \(size) is not the one that was signed then"
                return .init(kind: .rewritten, first: signed, last: max(size, 1) - 1, file: file, sentence: sentence)
            }
            return .init(kind: .changed, first: signed, last: max(size, 1) - 1, file: file, sentence: "")
        }
        guard isKnown else {
            undecided.append((checkpoint, file))
            return nil
        }
        note(checkpoint, file)
        return nil
    }

    private mutating func note(_ checkpoint: SignedCheckpoint, _ file: String) {
        checked += 1
        signed = max(signed, checkpoint.head.size)
        if !Self.isOwn(file) { isAnchored = true }
    }

    /// Checks the remaining checkpoints after all records were read: those with keys that are still unknown, and those that cover more records than
    /// exist.
    mutating func close(_ head: TreeHead) -> VerificationReport.Fault? {
        for (checkpoint, file) in undecided {
            guard checkpoint.signer(among: keys) != nil else {
                return fault(.forgedCheckpoint, checkpoint.head.size, file, "is not signed by the key")
            }
            note(checkpoint, file)
        }
        undecided = []
        while let size = nextSize {
            let (_, file, held) = awaited[position]
            position += 1
            guard let note = held ?? present(SmallFile.read(store.path(size)), file) else { continue }
            guard let checkpoint = SignedCheckpoint(note: note) else {
                torn += 1
                continue
            }
            if let origin, checkpoint.origin != origin {
                return fault(.otherLog, size, file, "is of another journal, \(checkpoint.origin), and not of \(origin)")
            }
            if keys.isEmpty { continue }
            guard checkpoint.signer(among: keys) != nil else { return fault(.forgedCheckpoint, size, file, "is not signed by the key") }
            let sentence =
                "records \(head.size) to \(size - 1) are gone from the end: \(file) signs \(size) records, and there are \(head.size)"
            return .init(kind: .cutTail, first: head.size, last: size - 1, file: file, sentence: sentence)
        }
        return nil
    }

    private func fault(_ kind: VerificationReport.Kind, _ size: UInt64, _ file: String, _ what: String) -> VerificationReport.Fault {
        .init(kind: kind, first: size, last: size, file: file, sentence: "\(file) \(what)")
    }
}
