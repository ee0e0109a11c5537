import Codecs

/// What a bundle proves.
package struct BundleVerification: Sendable {
    /// The problems, one sentence each: records first, in their order.
    package private(set) var problems: [String] = []
    /// Records that are proven.
    package private(set) var proven = 0
    /// The checkpoint, once it was read.
    package private(set) var checkpoint: SignedCheckpoint?
    /// The key that signed it.
    package private(set) var signer: NoteVerifier?
    /// The subject of the records, as stated by the creator of the bundle.
    package private(set) var subject = ""
    private var isTrusted = false

    package var exitCode: Int32 { problems.isEmpty ? 0 : 9 }

    /// The result for people, one sentence a line.
    package var text: String {
        var lines = problems.map { "broken: \($0)" }
        if problems.isEmpty, let checkpoint, let signer {
            lines.append("intact: \(proven) records of \(subject) are in the journal \(checkpoint.origin), as they were written")
            lines.append("checkpoint: \(checkpoint.head.size) records, root \(checkpoint.head.root), signed by \(signer.text)")
        }
        if !isTrusted { lines.append("note: the key came with the bundle: compare it with the one that you keep, or give that with --public-key") }
        return lines.joined(separator: "\n")
    }

    /// Verifies a bundle, page or JSON.
    /// - Parameter trusted: the keys that the auditor keeps; if there are none, those in the bundle are used.
    package init(_ text: String, trusting trusted: [NoteVerifier]) {
        isTrusted = !trusted.isEmpty
        let (json, page) = Self.parts(of: text)
        var lines = json.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        guard lines.count >= 2, let seqs = readHead(lines[0], trusted) else {
            problems.append("the bundle's head can't be read")
            return
        }
        var seen: Set<UInt64> = []
        for (index, line) in lines.dropFirst().dropLast().enumerated() {
            let claimed = index < seqs.count ? seqs[index] : nil
            let (number, problem) = check(line, claimed)
            if let number { seen.insert(number) }
            let name = number.map { "record \($0)" } ?? "a record that the head doesn't name"
            if let problem {
                problems.append("\(name) \(problem)")
            } else if number != claimed {
                problems.append("\(name) stands where the head doesn't name it")
            } else {
                proven += 1
            }
        }
        for number in seqs where !seen.contains(number) { problems.append("record \(number) is missing") }
        checkSeal(json, lines[lines.count - 1], page)
    }

    /// The JSON, and the page around it; nil if the file is only JSON.
    private static func parts(of text: String) -> (json: Substring, page: String?) {
        guard let opening = text.firstRange(of: BundlePage.opening) else { return (text[...], text.hasPrefix("{") ? nil : "") }
        let rest = text[opening.upperBound...]
        let end = rest.firstRange(of: BundlePage.closing)?.lowerBound ?? rest.endIndex
        return (rest[..<end], String(text[..<opening.upperBound] + text[end...]))
    }

    private static func fields<Value>(_ text: some StringProtocol, _ body: (RecordFields) -> Value?) -> Value? {
        Array(text.utf8).withUnsafeBytes { bytes in RecordFields(bytes).flatMap(body) }
    }

    /// Reads the head and checks the checkpoint; returns the numbers of the records.
    private mutating func readHead(_ line: Substring, _ trusted: [NoteVerifier]) -> [UInt64]? {
        let found = Self.fields(line + "]}") { fields -> (note: String, subject: String, keys: [String], seqs: [UInt64])? in
            guard fields.text("format") == EvidenceBundle.format, let note = fields.text("checkpoint"), let subject = fields.text("subject"),
                let keys = fields.texts("public_keys"), let seqs = fields.list("seqs")
            else { return nil }
            let numbers = seqs.compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            return numbers.count == seqs.count ? (note, subject, keys, numbers) : nil
        }
        guard let found else { return nil }
        subject = found.subject
        guard let checkpoint = SignedCheckpoint(note: found.note) else {
            problems.append("the checkpoint can't be read")
            return found.seqs
        }
        self.checkpoint = checkpoint
        let keys = trusted.isEmpty ? found.keys.compactMap { NoteVerifier($0) } : trusted
        if keys.isEmpty || (trusted.isEmpty && keys.count != found.keys.count) { problems.append("a public key can't be read") }
        signer = checkpoint.signer(among: keys)
        if signer == nil { problems.append("the checkpoint is not signed by the key") }
        return found.seqs
    }

    /// Checks the line of a record; returns its number and its problem.
    private func check(_ line: Substring, _ claimed: UInt64?) -> (number: UInt64?, problem: String?) {
        let text = line.hasSuffix(",") ? line.dropLast() : line
        let found = Self.fields(text) { fields -> EvidenceBundle.Entry? in
            guard let number = fields.integer("seq").flatMap(UInt64.init(exactly:)), let line = fields.text("line"), let path = fields.texts("path")
            else { return nil }
            let hashes = path.compactMap { Base64.decode($0).flatMap { SHA256Hash($0) } }
            return hashes.count == path.count ? EvidenceBundle.Entry(sequence: number, line: line, path: hashes) : nil
        }
        guard let found, EvidenceBundle.encode(found) == text else { return (claimed, "was changed: it can't be read") }
        guard let checkpoint else { return (found.sequence, "has no checkpoint that proves it") }
        let (leaf, own) = Array(found.line.utf8).withUnsafeBytes { (MerkleTree.leaf($0), RecordLine($0)?.sequence) }
        let root =
            found.sequence < checkpoint.head.size
            ? MerkleProof.root(leaf: leaf, index: found.sequence, size: checkpoint.head.size, path: found.path) : nil
        guard root == checkpoint.head.root else { return (claimed ?? found.sequence, "was changed: it is not the one that the checkpoint signs") }
        guard own == found.sequence else { return (found.sequence, "carries another number") }
        return (found.sequence, nil)
    }

    /// Checks what signature and tree don't cover: the texts in the head, the page, white space.
    private mutating func checkSeal(_ json: Substring, _ last: Substring, _ page: String?) {
        let known = Self.fields("{" + last.dropFirst(2)) { fields -> String? in fields.text("page_sha256") }
        guard let known, let end = json.ranges(of: ",\"sha256\":\"").last else {
            problems.append("the bundle's end was changed")
            return
        }
        if json[end.lowerBound...] != EvidenceBundle.seal(of: json[..<end.lowerBound]) + "\n", problems.isEmpty {
            problems.append("the bundle's head was changed: what it says beside its records is not what was written")
        }
        if let page, BundlePage.digest(page)?.description != known {
            problems.append("the page around the evidence was changed: don't believe what it shows")
        }
    }
}

extension RecordFields {
    /// The elements of a list, as raw bytes.
    fileprivate func list(_ key: StaticString) -> [[UInt8]]? {
        guard let raw = raw(key) else { return nil }
        var cursor = JSONCursor(raw, form: .compact)
        guard cursor.skip(UInt8(ascii: "[")) else { return nil }
        if cursor.skip(UInt8(ascii: "]")) { return [] }
        var elements: [[UInt8]] = []
        repeat {
            let start = cursor.position
            guard cursor.value() != nil else { return nil }
            elements.append(Array(raw[start..<cursor.position]))
        } while cursor.skip(UInt8(ascii: ","))
        return cursor.skip(UInt8(ascii: "]")) ? elements : nil
    }

    /// The strings of a list.
    fileprivate func texts(_ key: StaticString) -> [String]? {
        guard let elements = list(key) else { return nil }
        let texts = elements.compactMap { $0.withUnsafeBytes { RecordFields.text($0) } }
        return texts.count == elements.count ? texts : nil
    }
}
