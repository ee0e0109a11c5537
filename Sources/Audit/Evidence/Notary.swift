internal import Synchronization

/// Signs the journal's tree: a checkpoint by count, by time, on rotation and at the end, stored next to the segments and copied to the anchors.
///
/// 1. A checkpoint signs a head that the journal's writer passed on: it covers durable records only, and extends every earlier head.
/// 2. The writer's thread only stores leaves and heads here; the notary's own thread signs and writes files. No request waits for it.
/// 3. The queues of that thread are bounded: `leavesLimit` hashes (beyond that, some are missing from the ledger, which is a cache), one head,
///    `rotationsLimit` rotations.
package final class Notary: Sendable, TreeWatcher {
    private static let leavesLimit = 1 << 18
    private static let rotationsLimit = 64
    /// Number of leaves waiting for the ledger that wakes the thread.
    private static let leavesPatience = 1 << 13

    struct State: Sendable {
        var growth: [TreeGrowth] = []
        var leavesCount = 0
        var newest: TreeHead
        var rotations: [TreeHead] = []
        var end: TreeHead?
        var isEnding = false
        var signed: UInt64 = 0
        var isIdle = false
        var figures = NotaryFigures()
    }

    let configuration: NotaryConfiguration
    let journal: Journal
    let store: CheckpointStore
    let state: Mutex<State>
    let bell: Doorbell
    let posts: [AnchorPost]
    private let thread: Mutex<BlockingThread?>
    private let publicKeysPath: String
    let archivist: Archivist

    private init(_ journal: Journal, _ configuration: NotaryConfiguration, _ key: CheckpointKey) throws(JournalError) {
        self.journal = journal
        self.configuration = configuration
        publicKeysPath = key.publicPath
        store = CheckpointStore(directory: journal.directory)
        var initial = State(newest: journal.treeHead)
        initial.signed = store.newest().map { min($0.head.size, initial.newest.size) } ?? 0
        initial.figures.size = initial.signed
        state = Mutex(initial)
        bell = try Doorbell()
        var posts: [AnchorPost] = []
        for anchor in configuration.anchors {
            posts.append(
                try AnchorPost(anchor, spacing: configuration.interval) { [journal] name, reason in
                    let detail: FieldObject = ["anchor": .string(name), "reason": .string(reason ?? "")]
                    journal.note(event: reason == nil ? "anchor_recovered" : "anchor_failed", reason == nil ? ["anchor": .string(name)] : detail)
                })
        }
        self.posts = posts
        archivist = try Archivist(journal: journal, configuration: configuration, store: store)
        thread = Mutex(nil)
    }

    /// Starts signing a journal. It ends with the journal, before the directory's lock is released.
    package static func start(_ journal: Journal, key: CheckpointKey, _ configuration: NotaryConfiguration) throws(JournalError) -> Notary {
        let notary = try Notary(journal, configuration, key)
        let thread = BlockingThread {
            var session = NotarySession(notary, key)
            session.run()
        }
        guard let thread else { throw .noResources(code: 0) }
        notary.thread.withLock { $0 = thread }
        journal.watch(notary)
        return notary
    }

    /// Figures for metrics.
    package var figures: NotaryFigures {
        var figures = state.withLock { $0.figures }
        figures.anchors = posts.map(\.figures)
        (figures.compressed, figures.removed, figures.held) = archivist.totals
        return figures
    }

    /// The public keys, the newest first.
    package var publicKeys: [NoteVerifier] { (try? CheckpointKey.publicKeys(path: publicKeysPath)) ?? [] }

    /// The newest checkpoint; nil before the first.
    package var checkpoint: SignedCheckpoint? { store.newest() }

    func treeDidGrow(to head: TreeHead, by growth: TreeGrowth) {
        let ring = state.withLock { state in
            state.newest = head
            if state.leavesCount + growth.leaves.count <= Self.leavesLimit {
                state.growth.append(growth)
                state.leavesCount += growth.leaves.count
            }
            let isDue = state.isIdle || head.size - min(state.signed, head.size) >= configuration.every || state.leavesCount >= Self.leavesPatience
            if isDue { state.isIdle = false }
            return isDue
        }
        if ring { bell.ring() }
    }

    func treeDidRotate(at head: TreeHead) {
        state.withLock { state in
            if state.rotations.count < Self.rotationsLimit { state.rotations.append(head) }
        }
        bell.ring()
    }

    func treeDidEnd(at head: TreeHead) {
        state.withLock { state in
            state.end = head
            state.isEnding = true
        }
        bell.ring()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
        archivist.end()
        AnchorPost.end(posts)
    }
}

/// Figures of the evidence, for metrics.
package struct NotaryFigures: Sendable, Hashable {
    /// The size that the newest checkpoint covers.
    package var size: UInt64 = 0
    /// When it was made.
    package var time: Timestamp?
    /// Checkpoints made since the start.
    package var checkpoints: UInt64 = 0
    /// Checkpoints that could not be kept.
    package var failures: UInt64 = 0
    /// Segments compressed since the start.
    package var compressed: UInt64 = 0
    /// Segments removed since the start.
    package var removed: UInt64 = 0
    /// Segments older than the retention that are kept because a guard still needs them.
    package var held: UInt64 = 0
    /// The anchors' own figures.
    package var anchors: [AnchorFigures] = []
}
