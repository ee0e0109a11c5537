import Codecs

@testable import Audit
@testable import Inquiry

/// The reference of relative times in queries.
private let now = Timestamp(microseconds: 1_793_491_200_000_000)

// MARK: - Queries

extension FuzzTarget {
    static func readCursor(_ bytes: [UInt8]) {
        guard let cursor = RecordCursor(String(decoding: bytes, as: UTF8.self)) else { return }
        precondition(RecordCursor(cursor.description) == cursor, "what is written is read as the same cursor")
        var query = RecordQuery()
        query.cursor = cursor
        for order in RecordQuery.Order.allCases {
            query.order = order
            _ = query.selection("line", from: "r")
        }
    }

    static func readQuery(_ bytes: [UInt8]) {
        var query = RecordQuery()
        for parameter in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            try? query.set(String(decoding: parts[0], as: UTF8.self), to: String(decoding: parts[1], as: UTF8.self), now: now)
        }
        _ = query.selection("line", from: "r")
    }
}

// MARK: - Records and their evidence

extension FuzzTarget {
    static func readRecord(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { RecordFields($0)?.integer(.recordTotalNum) }
        guard let record = JournalRecord(bytes) else { return }
        for field in RecordField.allCases { _ = (record[field], record.integer(field)) }
        for format in RecordFormat.allCases {
            var writer = RecordWriter(format)
            _ = writer.text(of: record)
        }
        var report = ActivityReport(provedUpTo: .max)
        for _ in 0..<3 { report.add(record) }
        _ = (report.csv, report.text(proof: ""), report.json(proof: ""))
        var json = JSONWriter()
        let trail = ExportTrail(taskID: nil, records: [record, record])
        trail.write(to: &json, withRecords: true)
        _ = (trail.text, Reconciliation.Call(record))
    }

    static func readCheckpoint(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let keys = [NoteVerifier(text)].compactMap(\.self)
        let checkpoints = CheckpointFile(text).checkpoints + [SignedCheckpoint(note: text)].compactMap(\.self)
        for checkpoint in checkpoints { _ = checkpoint.signer(among: keys) }
        _ = RemovedPrefix(text)?.text
    }

    /// Evidence from outside: a page or JSON with records, proofs, a checkpoint and its key.
    static func readBundle(_ bytes: [UInt8]) {
        let verification = BundleVerification(String(decoding: bytes, as: UTF8.self), trusting: [])
        precondition(verification.exitCode != 0 || verification.proven > 0 && verification.checkpoint != nil, "what is intact was proven")
        precondition(verification.text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "a stranger's text controls no terminal")
    }

    /// Proofs of inclusion and consistency with any numbers: three of 8 bytes, then hashes of 32.
    static func readProof(_ bytes: [UInt8]) {
        guard bytes.count >= 24 else { return }
        let numbers = (0..<3).map { place in bytes[place * 8..<place * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        let hashes = stride(from: 24, to: bytes.count - 31, by: 32).compactMap { SHA256Hash(bytes[$0..<$0 + 32]) }
        guard let leaf = hashes.first else { return }
        let (index, old, size) = (numbers[0], numbers[1], numbers[2])
        let path = Array(hashes.dropFirst())
        let root = MerkleProof.root(leaf: leaf, index: index, size: size, path: path)
        precondition(root == nil || index < size, "only a record of the tree has a path in it")
        let heads = (TreeHead(size: old, root: leaf), TreeHead(size: size, root: root ?? leaf))
        precondition(!MerkleProof.isConsistent(heads.0, heads.1, path) || old <= size, "no tree is the beginning of a smaller one")
    }

    static func readCloudTraces(_ bytes: [UInt8]) {
        guard let traces = try? CloudTrace.read(bytes, named: "fuzz") else { return }
        let text = Reconciliation(traces: traces, calls: []).text
        precondition(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "a stranger's text controls no terminal")
    }
}
