/// What a verification found.
package struct VerificationReport: Sendable, Hashable {
    /// What happened to a record, or to a checkpoint.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Another content stands where the record was.
        case changed
        /// Records are gone from the middle.
        case removed
        /// A record stands there that was never written there.
        case inserted
        /// Records stand in another order.
        case reordered
        /// A record stands there twice.
        case duplicated
        /// Records are gone from the end.
        case cutTail = "cut_tail"
        /// A whole segment is gone.
        case missingSegment = "missing_segment"
        /// A checkpoint's signature, or its root, is not what the key's owner made.
        case forgedCheckpoint = "forged_checkpoint"
        /// A checkpoint belongs to another journal.
        case otherLog = "other_log"
        /// The whole history was written anew: a checkpoint from elsewhere says something else.
        case rewritten
    }

    /// The first thing that is wrong.
    package struct Fault: Sendable, Hashable {
        /// What happened.
        package let kind: Kind
        /// The first record that it happened to, as far as it can be known.
        package let first: UInt64
        /// The last of the records that it may have happened to; the same as `first` when it is known exactly.
        package let last: UInt64
        /// The file, where it matters.
        package var file: String?
        /// One sentence for people.
        package let sentence: String

        /// Makes a fault.
        package init(kind: Kind, first: UInt64, last: UInt64, file: String? = nil, sentence: String) {
            self.kind = kind
            self.first = first
            self.last = last
            self.file = file
            self.sentence = sentence
        }
    }

    /// Makes a report of nothing.
    package init() {}

    /// Whose journal it is, where those of several lie together.
    package var instance: String?
    /// The first fault; nothing when everything fits.
    package var fault: Fault?
    /// The number of the first record that the segments have.
    package var first: UInt64 = 0
    /// The tree over everything that was read.
    package var head = TreeHead(size: 0, root: MerkleTree().root)
    /// Records read.
    package var records: UInt64 = 0
    /// Checkpoints whose signature and root were checked.
    package var checkpoints = 0
    /// The size that the newest good checkpoint covers.
    package var signed: UInt64 = 0
    /// Whether a checkpoint from outside the directory was among them.
    package var isAnchored = false
    /// What else there is to say, one sentence each: above all what can't be known.
    package var remarks: [String] = []

    /// The command's exit code: 0 intact, 9 broken, 10 intact but with records that no checkpoint covers.
    package var exitCode: Int32 { fault != nil ? 9 : signed < head.size ? 10 : 0 }
}
