import Glibc
import Settings
import Synchronization

@testable import Audit
@testable import Transport

// MARK: - The configuration

extension FuzzTarget {
    private static let loader = SettingsLoader(
        vocabulary: Vocabulary(
            operations: ["BatchExportBaselineTask", "ListHosts", "ShowExportTask"],
            endpoints: ["cn-north-4": .init(hss: "https://hss.example", iam: "https://iam.example", sts: "https://sts.example")]))

    static func readConfiguration(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let sources = SettingsSources(file: SettingsFile(path: "gateway.yaml", text: text), environment: ["K": "k"], workingDirectory: "/")
        let problems: [SettingsProblem]
        do throws(SettingsProblems) {
            let settings = try loader.load(sources)
            _ = (settings.canonicalText, SettingsReport.jsonLines(settings))
            problems = loader.warnings(settings)
        } catch {
            problems = error.problems
            precondition(!problems.isEmpty, "what is refused has a reason")
        }
        // YAML has more line ends than most editors.
        let ends: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        let lineCount = text.unicodeScalars.count { ends.contains($0) } + 2
        for problem in problems {
            guard case .file(let position) = problem.origin else { continue }
            precondition(position.line >= 1 && position.column >= 1 && position.line <= lineCount, "a place in the file")
        }
        let shown = SettingsReport.text(problems) + SettingsReport.jsonLines(problems)
        precondition(shown.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }, "a message controls no terminal")
    }
}

// MARK: - Heads of answers

extension FuzzTarget {
    /// A line each, as libcurl passes them on. The first byte decides whether the request was a HEAD.
    static func readUpstreamHead(_ bytes: [UInt8]) {
        var parser = HeaderParser()
        parser.reset(isAnswerToHead: bytes.first == 0)
        var heads = 0
        var rest = bytes.dropFirst()
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let step = rest[..<end].withUnsafeBytes { parser.consume($0) }
            rest = rest[end...]
            switch step {
            case .proceed: continue
            case .refuse: return
            case .head(let head):
                heads += 1
                precondition(heads == 1, "one final head, whatever follows it")
                check(head)
            }
        }
    }

    private static func check(_ head: ResponseHead) {
        precondition((200..<600).contains(head.status), "a final status")
        var lengths = 0
        var codings = 0
        for field in head.fields {
            precondition(!field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }, "a field's name")
            precondition(field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "a field that is one line")
            if field.name.lowercased() == "content-length" { lengths += 1 }
            if field.name.lowercased() == "transfer-encoding" { codings += 1 }
        }
        precondition(lengths + codings <= 1, "an end that can be read in one way only")
        precondition((head.contentLength != nil) == (lengths == 1), "the length that was declared")
    }
}

// MARK: - Segments of the journal

extension FuzzTarget {
    private static let directory = newDirectory()
    private static let journal = newDirectory()

    /// A directory in memory, if there is one: files are created for each input. It is empty between two inputs, and removed when the process exits.
    private static func newDirectory() -> String {
        var template = Array("/dev/shm/hssgw-fuzz-XXXXXX".utf8CString)
        if mkdtemp(&template) == nil { template = Array("fuzz-XXXXXX".utf8CString) }
        if template[0] != 0x2F, mkdtemp(&template) == nil { preconditionFailure("a directory for segments") }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let isFirst = directories.withLock {
            $0.append(path)
            return $0.count == 1
        }
        if isFirst { atexit { FuzzTarget.directories.withLock { for path in $0 { rmdir(path) } } } }
        return path
    }

    private static let directories = Mutex<[String]>([])

    private static func write(_ content: ArraySlice<UInt8>, to name: String) {
        let file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0, "a file for an input")
        defer { close(file) }
        precondition(content.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } == content.count, "room for it")
    }

    /// The first byte decides whether the segment is compressed.
    static func readSegment(_ bytes: [UInt8]) {
        let name = "\(directory)/journal-00000000000000000000.jsonl" + (bytes.first == UInt8(ascii: "z") ? ".gz" : "")
        write(bytes.dropFirst(), to: name)
        defer { unlink(name) }
        var reader = JournalReader(directory: directory)
        var last: SequenceNumber?
        _ = try? reader.forEachRecord { number, line in
            precondition(last.map { $0 < number } ?? true, "records in the order of their numbers")
            precondition(!line.contains(0x0A), "a record is one line")
            last = number
            return true
        }
    }

    /// The frontier's cache, a segment and the one behind it, each up to the byte 0x1E. A start reads them, and the next start reads the same.
    static func readDirectory(_ bytes: [UInt8]) {
        let files = bytes.split(separator: 0x1E, maxSplits: 2, omittingEmptySubsequences: false)
        guard files.count >= 2 else { return }
        var names = ["\(journal)/frontier", "\(journal)/\(SegmentName(first: 0).text)"]
        if files.count > 2 { names.append("\(journal)/\(SegmentName(first: UInt64(max(1, files[1].count { $0 == 0x0A }))).text)") }
        for (name, content) in zip(names, files) where name != names[0] || !content.isEmpty { write(content, to: name) }
        defer { for name in names { unlink(name) } }
        guard let place = try? JournalDirectory(path: journal) else { preconditionFailure("the directory is nobody else's") }
        defer { place.close() }
        guard let first = try? Recovery(reading: place) else { return }
        precondition(first.open.values.allSatisfy { $0.sequence < first.tree.size }, "an open request is a record of the tree")
        precondition((try? Recovery(reading: place))?.tree == first.tree, "the next start finds the same")
    }
}
