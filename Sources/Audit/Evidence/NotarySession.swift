import Files
internal import Glibc
internal import Synchronization

/// The state of the notary's thread between two checkpoints. Used by that thread alone.
struct NotarySession {
    let notary: Notary
    private var key: CheckpointKey
    private var ledger: LeafLedger
    private let subtrees: SubtreeLedger
    private var lastSigning = ContinuousClock.now
    private var isFailing = false
    /// The last recorded finding about the key's file.
    private var complaint: String?
    /// The newest checkpoint of the last rotation, from which on checkpoints are thinned at the next.
    private var thinnedUpTo: UInt64

    init(_ notary: Notary, _ key: CheckpointKey) {
        self.notary = notary
        self.key = key
        ledger = LeafLedger(directory: notary.store.directory)
        subtrees = SubtreeLedger(directory: notary.store.directory)
        thinnedUpTo = notary.store.sizes().last ?? 0
    }

    /// Runs until the journal ends.
    mutating func run() {
        while true {
            let work = notary.state.withLock { state in
                defer {
                    (state.growth, state.leavesCount, state.rotations) = ([], 0, [])
                }
                return state
            }
            for growth in work.growth {
                ledger.append(growth.leaves, first: growth.first)
                subtrees.append(growth.subtrees, behind: growth.first)
            }
            for head in work.rotations { closeSegment(at: head) }
            let wanted = work.end ?? work.newest
            if wanted.size > signed, work.isEnding || isDue(wanted) { sign(wanted, isDurable: work.isEnding, [key.signer]) }
            if work.isEnding { return ledger.finish() }
            changeKey()
            notary.journal.checkSpace()
            notary.bell.wait(rest(wanted))
        }
    }

    private var signed: UInt64 { notary.state.withLock { $0.signed } }

    private func isDue(_ head: TreeHead) -> Bool {
        head.size - signed >= notary.configuration.every || ContinuousClock.now - lastSigning >= notary.configuration.interval
    }

    /// How long to sleep: until the next checkpoint by time; if there is no new record, the same time until the next check of the key's file.
    private func rest(_ head: TreeHead) -> Duration {
        let interval = notary.configuration.interval
        guard head.size > signed else {
            let isIdle = notary.state.withLock { state in
                state.isIdle = state.newest.size <= state.signed
                return state.isIdle
            }
            return isIdle ? interval : .zero
        }
        return isFailing ? interval : max(interval - (ContinuousClock.now - lastSigning), .zero)
    }

    private mutating func closeSegment(at head: TreeHead) {
        ledger.finish()
        if head.size > signed || notary.store.checkpoint(head.size) == nil { sign(head, isDurable: true, [key.signer]) }
        if thinnedUpTo < head.size { notary.store.thin(thinnedUpTo..<head.size, spacing: notary.configuration.every) }
        thinnedUpTo = head.size
        notary.archivist.wake()
    }

    @discardableResult
    private mutating func sign(_ head: TreeHead, isDurable: Bool, _ signers: [NoteSigner]) -> Bool {
        lastSigning = .now
        let checkpoint = SignedCheckpoint.make(head, origin: key.origin, signers)
        let error = checkpoint.map { notary.store.keep($0, isDurable: isDurable) } ?? ErrorCode(EIO)
        if let error {
            if !isFailing { notary.journal.note(event: "checkpoint_failed", ["errno": .integer(Int64(error.code))]) }
            isFailing = true
            notary.state.withLock { $0.figures.failures += 1 }
            return false
        }
        if isFailing { notary.journal.note(event: "checkpoint_recovered", ["tree_size": .integer(Int64(head.size))]) }
        isFailing = false
        let now = notary.configuration.now()
        notary.state.withLock { state in
            state.signed = max(state.signed, head.size)
            state.figures.size = state.signed
            state.figures.time = now
            state.figures.checkpoints += 1
        }
        if let checkpoint { for post in notary.posts { post.offer(checkpoint) } }
        return true
    }

    /// Notices a new key in the file, records the change in an event that both keys sign, signs the checkpoint that covers the event with both, and
    /// discards the old one. A crash may come after each step: the next start then finds both keys in the file and repeats the steps.
    private mutating func changeKey() {
        guard let found = lookAtKey() else { return }
        if let lost = found.lost { return recordLoss(of: lost, found) }
        guard let old = found.retiring else { return }
        let statement = "\(key.origin)\nnew checkpoint key\n\(old.verifier.text)\n\(found.signer.verifier.text)\n"
        guard let note = SignedNote.make(statement, [old, found.signer]) else { return }
        let event = notary.journal.note(
            event: KeyChange.event, ["old": .string(old.verifier.text), "new": .string(found.signer.verifier.text), "note": .string(note)])
        guard let event, waitUntilHashed(event) else { return }
        guard sign(notary.journal.treeHead, isDurable: true, [found.signer, old]) else { return }
        key = found.settled()
        try? key.store()
    }
}

extension NotarySession {
    /// The key in the file. A missing file is written again from memory; another key in its place is neither changed nor used, because the present
    /// key has not signed the change.
    private mutating func lookAtKey() -> CheckpointKey? {
        let found: CheckpointKey?
        do throws(CheckpointKeyFault) {
            found = try CheckpointKey.existing(path: key.path)
        } catch {
            complain("checkpoint_key_ignored", error.sentence)
            return nil
        }
        guard let found else {
            do throws(CheckpointKeyFault) {
                try key.store()
                notary.journal.note(event: "checkpoint_key_restored", ["key": .string(key.signer.verifier.text)])
            } catch {
                complain("checkpoint_key_missing", error.sentence)
            }
            return nil
        }
        guard ([found.signer, found.retiring].compactMap { $0?.verifier }).contains(key.signer.verifier) else {
            complain("checkpoint_key_ignored", "The file holds another key, \(found.signer.verifier.text), that this journal's key did not sign.")
            return nil
        }
        try? key.storePublicKeys()
        complaint = nil
        return found
    }

    /// One event for consecutive checks with the same finding.
    private mutating func complain(_ event: String, _ reason: String) {
        guard complaint != reason else { return }
        complaint = reason
        notary.journal.note(event: event, ["reason": .string(reason)])
    }

    /// Records that the previous key is lost. Only the new key signs this event.
    private mutating func recordLoss(of old: NoteVerifier, _ found: CheckpointKey) {
        let event = notary.journal.note(event: KeyChange.lossEvent, ["old": .string(old.text), "new": .string(found.signer.verifier.text)])
        guard let event, waitUntilHashed(event), sign(notary.journal.treeHead, isDurable: true, [found.signer]) else { return }
        key = found.settled()
        try? key.store()
    }

    /// How often the thread checks whether an event is part of the tree, and how long it waits between two checks.
    private static let looks = 200
    private static let look: Duration = .milliseconds(25)

    private func waitUntilHashed(_ sequence: SequenceNumber) -> Bool {
        for _ in 0..<Self.looks {
            if notary.journal.treeHead.size > sequence.value { return true }
            if notary.state.withLock({ $0.isEnding }) { return false }
            _ = try? notary.journal.requestSync(upTo: sequence.advanced(by: 1))
            notary.bell.wait(Self.look)
        }
        return false
    }
}
