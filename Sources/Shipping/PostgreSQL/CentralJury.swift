import Audit
import PostgreSQL

/// Verifies the checkpoints of one instance while its tree is recomputed from the database.
///
/// 1. With a key from the auditor, only that key and those to which it was rotated are accepted.
/// 2. Without one, the key in the journal's records is used: this finds forged checkpoints, but not a rewritten history, and the
///    report says so.
struct CentralJury {
    /// Where the keys come from.
    private enum Basis {
        case auditor, journal, nobody
    }

    /// Checkpoints with the right root and an unknown key: a later record may introduce the key. Bounded, because they are kept in memory.
    private static let undecidedLimit = 4_096

    private var keys: [NoteVerifier]
    private var basis: Basis
    private var origin: String?
    private var pages: CheckpointPages
    private var elsewhere: [SignedCheckpoint]
    private var undecided: [SignedCheckpoint] = []
    private(set) var checked = 0
    private(set) var signed: UInt64 = 0
    private(set) var isAnchored = false
    private var unsigned = 0

    init(_ instance: String, _ trust: CentralTrust, _ pages: CheckpointPages) throws(SinkFailure) {
        self.pages = pages
        // The journal's name is that of the key's first start; it is in the copy's checkpoints, unless the auditor supplies
        // it.
        let named = try pages.firstOrigin()
        let own = CheckpointKey.origin(of: instance)
        keys = trust.keys.filter { trust.isForOneInstance || $0.name == own || $0.name == named }
        basis = keys.isEmpty ? .nobody : .auditor
        origin = keys.first?.name ?? named
        let origins = Set([origin, own].compactMap { $0 })
        elsewhere = trust.checkpoints.filter { origins.contains($0.origin) }.sorted { $0.head.size > $1.head.size }
    }

    /// What could not be verified, one sentence each.
    var remarks: [String] {
        switch basis {
        case .auditor: []
        case .journal:
            [
                "the signatures are those of the key that the records themselves name: whoever can write the database could have written all of it "
                    + "anew; give the journal's public keys with --key"
            ]
        case .nobody: ["no public key is known, so \(unsigned) checkpoints prove nothing: give the journal's public keys with --key"]
        }
    }

    /// Whether one of the keys signed it.
    func isGenuine(_ checkpoint: SignedCheckpoint) -> Bool { checkpoint.signer(among: keys) != nil }

    /// The key events in the journal itself.
    mutating func learn(_ fields: RecordFields, _ sequence: UInt64) -> VerificationReport.Fault? {
        switch fields.text(.event) {
        case "start":
            guard keys.isEmpty, let key = fields.object(.detail)?.text("checkpoint_key").flatMap({ NoteVerifier($0) }) else { return nil }
            (keys, basis, origin) = ([key], .journal, key.name)
        case KeyChange.event:
            let change = fields.object(.detail)?.text("note").flatMap(KeyChange.init(note:))
            guard let change, keys.isEmpty || keys.contains(change.old) || keys.contains(change.new) else {
                return .init(
                    kind: .forgedCheckpoint, first: sequence, last: sequence,
                    sentence: "record \(sequence) tells of a new checkpoint key and is not signed by the key before and the new one")
            }
            if keys.isEmpty { (basis, origin) = (.journal, change.old.name) }
            for key in [change.old, change.new] where !keys.contains(key) { keys.append(key) }
        default: break
        }
        return nil
    }

    /// Verifies the checkpoints up to the tree's size; the result is the first fault.
    mutating func judge(_ tree: MerkleTree) throws(SinkFailure) -> VerificationReport.Fault? {
        while let next = try pages.peek(), next.size <= tree.size {
            pages.advance()
            guard let checkpoint = SignedCheckpoint(note: next.note), checkpoint.head.size == next.size else {
                return fault(.forgedCheckpoint, next.size, "is no checkpoint of that size")
            }
            // For the size 0, or a size before the first record of the copy: nothing to recompute.
            if let fault = judge(checkpoint, tree, isElsewhere: false) { return fault }
        }
        while let next = elsewhere.last, next.head.size <= tree.size {
            elsewhere.removeLast()
            if let fault = judge(next, tree, isElsewhere: true) { return fault }
        }
        return nil
    }

    private mutating func judge(_ checkpoint: SignedCheckpoint, _ tree: MerkleTree, isElsewhere: Bool) -> VerificationReport.Fault? {
        let size = checkpoint.head.size
        if let origin, checkpoint.origin != origin {
            return fault(.otherLog, size, "is of another journal, \(checkpoint.origin), and not of \(origin)")
        }
        guard size == tree.size else { return nil }
        if checkpoint.head.root != tree.root {
            if basis != .nobody, !isGenuine(checkpoint) { return fault(.forgedCheckpoint, size, "is not signed by the journal's key") }
            let last = max(size, 1) - 1
            let sentence =
                isElsewhere
                ? "a checkpoint of \(size) records from elsewhere has another root: the records before \(size) are not those that were signed then"
                : "a record from \(signed) to \(last) was changed: the checkpoint of size \(signed) fits, that of size \(size) does not"
            return .init(kind: isElsewhere ? .rewritten : .changed, first: signed, last: last, sentence: sentence)
        }
        guard isGenuine(checkpoint) else {
            if undecided.count < Self.undecidedLimit {
                undecided.append(checkpoint)
            } else if basis == .nobody {
                unsigned += 1
            } else {
                return fault(.forgedCheckpoint, size, "is not signed by the journal's key")
            }
            return nil
        }
        note(checkpoint, isElsewhere)
        return nil
    }

    private mutating func note(_ checkpoint: SignedCheckpoint, _ isElsewhere: Bool) {
        checked += 1
        signed = max(signed, checkpoint.head.size)
        if isElsewhere { isAnchored = true }
    }

    /// Verifies the rest when all records were read: keys that never became known, and checkpoints of more records than there are.
    mutating func close(records: UInt64) throws(SinkFailure) -> VerificationReport.Fault? {
        for checkpoint in undecided {
            guard basis != .nobody else {
                unsigned += 1
                continue
            }
            guard isGenuine(checkpoint) else { return fault(.forgedCheckpoint, checkpoint.head.size, "is not signed by the journal's key") }
            note(checkpoint, false)
        }
        while let next = try pages.peek() {
            pages.advance()
            guard let checkpoint = SignedCheckpoint(note: next.note), checkpoint.head.size == next.size else {
                return fault(.forgedCheckpoint, next.size, "is no checkpoint of that size")
            }
            if let fault = judgeTail(checkpoint, records, isElsewhere: false) { return fault }
        }
        for checkpoint in elsewhere.reversed() { if let fault = judgeTail(checkpoint, records, isElsewhere: true) { return fault } }
        return nil
    }

    private mutating func judgeTail(_ checkpoint: SignedCheckpoint, _ records: UInt64, isElsewhere: Bool) -> VerificationReport.Fault? {
        let size = checkpoint.head.size
        if let origin, checkpoint.origin != origin {
            return fault(.otherLog, size, "is of another journal, \(checkpoint.origin), and not of \(origin)")
        }
        if basis == .nobody {
            unsigned += 1
        } else if !isGenuine(checkpoint) {
            return fault(.forgedCheckpoint, size, "is not signed by the journal's key")
        }
        // Without its beginning the tree never reaches a checkpoint's size.
        guard size > records else { return nil }
        let place = isElsewhere ? "from elsewhere " : ""
        return .init(
            kind: .cutTail, first: records, last: size - 1,
            sentence: "records \(records) to \(size - 1) are gone from the end: a checkpoint \(place)covers \(size) records, and there are \(records)"
        )
    }

    private func fault(_ kind: VerificationReport.Kind, _ size: UInt64, _ what: String) -> VerificationReport.Fault {
        .init(kind: kind, first: size, last: size, sentence: "the checkpoint of size \(size) \(what)")
    }
}
