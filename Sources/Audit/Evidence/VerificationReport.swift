/// The result of a verification.
package struct VerificationReport: Sendable, Hashable {
    /// What happened to a record, or to a checkpoint.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The record's content was changed.
        case changed
        /// Records are missing in the middle.
        case removed
        /// A record was inserted that the gateway did not write there.
        case inserted
        /// Records were reordered.
        case reordered
        /// A record was duplicated.
        case duplicated
        /// Records are missing at the end.
        case cutTail = "cut_tail"
        /// A whole segment is missing.
        case missingSegment = "missing_segment"
        /// A checkpoint's signature or root is not the one that the key's owner made.
        case forgedCheckpoint = "forged_checkpoint"
        /// A checkpoint belongs to another journal.
        case otherLog = "other_log"
        /// There are bytes after the end of a closed segment.
        case appended
        /// The whole history was rewritten: a checkpoint from outside the directory contradicts it.
        case rewritten
    }

    /// The first fault.
    package struct Fault: Sendable, Hashable {
        /// What happened.
        package let kind: Kind
        /// The first record that is affected, as far as it can be known.
        package let first: UInt64
        /// The last record that may be affected; the same as `first` when it is known exactly.
        package let last: UInt64
        /// The file, if relevant.
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

    /// Makes an empty report.
    package init() {}

    /// The instance, if a copy has the journals of several.
    package var instance: String?
    /// The instance of a copy that has the same records, and is the one that counts.
    package var duplicateOf: String?
    /// The first fault; nil if the journal is intact.
    package var fault: Fault?
    /// The number of the first record that the segments have.
    package var first: UInt64 = 0
    /// The tree over all records that were read.
    package var head = TreeHead(size: 0, root: MerkleTree().root)
    /// Records read.
    package var records: UInt64 = 0
    /// Checkpoints whose signature and root were checked.
    package var checkpoints = 0
    /// The size that the newest good checkpoint covers.
    package var signed: UInt64 = 0
    /// Whether a checkpoint from outside the directory was among them.
    package var isAnchored = false
    /// Further remarks, one sentence each, mainly about what could not be verified.
    package var remarks: [String] = []

    /// The command's exit code: 0 intact, 9 broken, 10 intact but with records that no checkpoint covers.
    package var exitCode: Int32 { fault != nil ? 9 : signed < head.size ? 10 : 0 }
}
