internal import Crypto

/// Records of one journal with everything that proves them: for each its path to the root, the checkpoint that signs the root, the public keys.
///
/// 1. It is JSON with one record per line, so that damage to one record leaves the others readable.
/// 2. As a page it carries a program that verifies it offline; the last line has the digests of the page around it and of itself, which detect damage
///    but prove nothing: the proof is the signature and the tree.
package struct EvidenceBundle: Sendable {
    static let format = "hss-gateway evidence bundle 1"

    /// A record and its path, the lowest hash first.
    struct Entry: Sendable {
        let sequence: UInt64
        let line: String
        let path: [SHA256Hash]
    }

    let subject: String
    let made: Timestamp
    let by: String
    let checkpoint: SignedCheckpoint
    let keys: [NoteVerifier]
    let entries: [Entry]

    /// Proves records of a journal, all under its newest checkpoint.
    /// - Parameters:
    ///   - subject: the subject of the records, for the reader.
    ///   - by: the program that creates the bundle.
    package init(
        of sequences: [UInt64], in directory: String, keys: [NoteVerifier], subject: String, by: String, at time: Timestamp = .now()
    ) throws(Prover.Fault) {
        let prover = Prover(directory: directory)
        guard let checkpoint = prover.newest else { throw .noCheckpoint }
        var entries: [Entry] = []
        for sequence in sequences.sorted() {
            let proof = try prover.proof(of: sequence, under: checkpoint)
            guard let line = String(validating: proof.line, as: UTF8.self) else { throw .broken }
            entries.append(Entry(sequence: sequence, line: line, path: proof.path))
        }
        (self.subject, made, self.by) = (subject, time, by)
        (self.checkpoint, self.keys, self.entries) = (checkpoint, keys, entries)
    }

    /// How many records it has.
    package var count: Int { entries.count }

    /// The bundle as JSON alone.
    package var json: String { json(page: nil) }

    /// The bundle as a page.
    package var html: String {
        let (front, back) = BundlePage.around
        return front + json(page: BundlePage.digest) + back
    }

    private func json(page: SHA256Hash?) -> String {
        let head: FieldObject = [
            "format": .string(Self.format), "subject": .string(subject), "made": .string(made.description), "by": .string(by),
            "checkpoint": .string(checkpoint.note), "public_keys": .list(keys.map { .string($0.text) }),
            "seqs": .list(entries.map { .integer(Int64(clamping: $0.sequence)) }),
        ]
        var text = String(Self.encode(head).dropLast()) + ",\"records\":[\n"
        for (index, entry) in entries.enumerated() {
            text += Self.encode(entry) + (index + 1 < entries.count ? ",\n" : "\n")
        }
        text += "],\"page_sha256\":\"\(page.map(\.description) ?? "")\""
        return text + Self.seal(of: text) + "\n"
    }

    /// The end of the JSON: the digest of everything before it.
    static func seal(of text: some StringProtocol) -> String {
        ",\"sha256\":\"\(SHA256Hash(SHA256.hash(data: Array(text.utf8)))?.description ?? "")\"}"
    }

    /// The one form of a record's line.
    static func encode(_ entry: Entry) -> String {
        encode([
            "seq": .integer(Int64(clamping: entry.sequence)), "line": .string(entry.line),
            "path": .list(entry.path.map { .string($0.base64) }),
        ])
    }

    /// JSON that is safe in a page: it can't contain the end of a script element.
    private static func encode(_ object: FieldObject) -> String {
        let text = String(unsafeUninitializedCapacity: object.sizeBound) { buffer in
            var line = LineWriter(buffer)
            line.put(object)
            return line.count
        }
        return text.replacing("<", with: "\\u003c")
    }
}
