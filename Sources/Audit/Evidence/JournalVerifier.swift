import Files
internal import Glibc

/// Recomputes a journal from its segments and compares it with every checkpoint, with constant memory, and also while a gateway writes to it.
///
/// 1. The first fault ends the reading; `FaultDiagnosis` then determines what happened there.
/// 2. An incomplete line at the very end is no fault: it is being written, or a crash left it.
package struct JournalVerifier {
    /// How many records may be between the beginning of a segment and the event about the rotation.
    private static let rotationReach = 256
    private static let namedStrangers = 5

    private let directory: String
    private let store: CheckpointStore
    private var jury: CheckpointJury
    private var tree = MerkleTree()
    private var report = VerificationReport()
    /// The tree at the newest checkpoint that matched, where a diagnosis starts.
    private var good = MerkleTree()
    private let removed: RemovedPrefix.Loaded
    private var removedBefore: UInt64 = 0
    /// Whether a record says that the gateway removed these.
    private var isRemovalTold = false
    /// Bytes after a closed segment's end. Reported only if there is no other fault, because next to a foreign segment genuine records look the same.
    private var appended: VerificationReport.Fault?
    private let hasKey: Bool
    /// Called with how many records were read, and how many the newest checkpoint covers; at most once every `step` records.
    package var observe: ((_ read: UInt64, _ of: UInt64) -> Void)?
    /// Called equally often; false stops the reading, and the report is then invalid.
    package var mayGoOn: () -> Bool = { true }
    /// Whether `mayGoOn` ended the reading.
    package private(set) var isStopped = false
    /// Reading this many takes a small part of a second.
    private static let step: UInt64 = 4_096

    /// Makes a verifier.
    /// - Parameters:
    ///   - keys: the public keys, the newest first; without one, no checkpoint proves anything.
    ///   - elsewhere: the content of files with checkpoints from an anchor, by their name.
    package init(directory: String, keys: [NoteVerifier], elsewhere: [(file: String, content: String)] = []) {
        self.directory = directory
        store = CheckpointStore(directory: directory)
        hasKey = !keys.isEmpty
        var notes: [(file: String, note: String)] = []
        for (file, content) in elsewhere {
            let kept = CheckpointFile(content)
            // A file without any is not what it was taken for.
            guard !kept.checkpoints.isEmpty else {
                notes.append((file, content))
                continue
            }
            notes += kept.checkpoints.map { (file, $0.note) }
            if kept.torn > 0 { report.remarks.append("\(file) has \(Self.pieces(kept.torn)), as a full disk leaves it, for which nobody signed") }
        }
        removed = RemovedPrefix.load(directory)
        let prefix: RemovedPrefix? = if case .prefix(let prefix) = removed { prefix } else { nil }
        jury = CheckpointJury(store, keys: keys, elsewhere: notes, removed: prefix)
    }

    /// Reads everything.
    package mutating func verify() throws(JournalError) -> VerificationReport {
        var names = try DirectoryListing.segments(under: directory)
        begin(&names)
        var fault = jury.judge(tree.head, removedBefore: removedBefore).map(explain)
        var index = 0
        while fault == nil, !isStopped, index < names.count {
            fault = try read(names[index], following: following(names[(index + 1)...]))
            index += 1
            // A segment may have been created meanwhile.
            if index == names.count, fault == nil, !isStopped {
                names += try DirectoryListing.segments(under: directory).filter { $0.first > names[index - 1].first }
            }
        }
        report.fault = fault ?? jury.close(tree.head) ?? appended ?? untoldRemoval()
        report.head = tree.head
        report.records = tree.size - report.first
        (report.checkpoints, report.signed, report.isAnchored) = (jury.checked, jury.signed, jury.isAnchored)
        remark()
        return report
    }

    /// Everything in the file `removed` can be made from the segments and their checkpoints by whoever removes them; the gateway's record can't.
    private func untoldRemoval() -> VerificationReport.Fault? {
        guard removedBefore > 0, !isRemovalTold, !isStopped else { return nil }
        return .init(
            kind: .missingSegment, first: 0, last: removedBefore - 1, file: RemovedPrefix.fileName,
            sentence: "records 0 to \(removedBefore - 1) are gone, and no record says that the gateway removed them")
    }

    private static func pieces(_ count: Int) -> String {
        count == 1 ? "a piece of a checkpoint" : "\(count) pieces of checkpoints"
    }

    private mutating func begin(_ names: inout [SegmentName]) {
        switch removed {
        case .absent: break
        case .damaged: report.remarks.append("the file `\(RemovedPrefix.fileName)` is damaged: nothing stands for the segments that were removed")
        case .prefix(let prefix):
            tree = prefix.tree
            names.removeAll { $0.first < tree.size }
        }
        (report.first, removedBefore, good) = (tree.size, tree.size, tree)
    }

    /// The segment that supersedes a segment's records from its own first number on. Segments at the end without a line supersede nothing: their
    /// records may be in the segment before (`Recovery`).
    private func following(_ later: ArraySlice<SegmentName>) -> SegmentName? {
        later.contains { $0.isCompressed || !isEmpty($0) } ? later.first : nil
    }

    private func isEmpty(_ name: SegmentName) -> Bool {
        var status = stat()
        return lstat("\(directory)/\(name.text)", &status) == 0 && status.st_size == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private mutating func read(_ name: SegmentName, following: SegmentName?) throws(JournalError) -> VerificationReport.Fault? {
        let limit = following?.first
        if name.first > tree.size { return gap(before: name) }
        if name.first < tree.size, jury.largest > name.first, !name.isCompressed, isEmpty(name) { return hiding(name) }
        var source: LineSource
        do throws(JournalError) {
            source = try open(name)
        } catch {
            guard case .cannotOpen(let file, let code) = error, RegularFile.isReplaced(code) else { throw error }
            let last = max(limit ?? jury.largest, name.first + 1) - 1
            return .init(
                kind: .missingSegment, first: name.first, last: last, file: file,
                sentence: "records from \(name.first) on are gone: what stands in the place of the segment \(file) is no file of a journal")
        }
        do throws(JournalError) {
            var pieces = source.pieces()
            while tree.size < limit ?? .max {
                let begin = source.offset
                guard let line = try source.next() else { break }
                guard let record = RecordLine(line), record.sequence == tree.size else { return diagnose(line) }
                pieces.pass(record.sequence, at: begin)
                tree.append(line)
                if tree.size % Self.step == 0 {
                    observe?(tree.size, max(tree.size, jury.largest))
                    guard mayGoOn() else {
                        isStopped = true
                        return nil
                    }
                }
                if record.phase == .event, let fault = judge(event: line) { return fault }
                if jury.nextSize == tree.size {
                    if let fault = jury.judge(tree.head, removedBefore: removedBefore) { return explain(fault) }
                    good = tree
                }
            }
            if !pieces.fit(source.ends, before: limit ?? .max) {
                let sentence = "\(name.text) says of its pieces what is not so: readers would not find each of its records"
                return .init(kind: .changed, first: name.first, last: max(tree.size, name.first + 1) - 1, file: name.text, sentence: sentence)
            }
            if let following, tree.size >= following.first, !isStopped, try !source.isAtEnd() {
                try judge(tail: name, from: source.offset, before: following)
            }
        } catch {
            guard case .cannotRead(_, EBADMSG) = error else { throw error }
            let sentence = "\(name.text) is damaged: it can't be decompressed from record \(tree.size) on"
            return .init(kind: .changed, first: tree.size, last: tree.size, file: name.text, sentence: sentence)
        }
        if source.isOverlong { return diagnose(UnsafeRawBufferPointer(start: nil, count: 0)) }
        if limit == nil, source.rest > 0 {
            report.remarks.append("the last line, \(source.rest) bytes, is not whole: being written, or left by a crash")
        }
        return nil
    }

    private func open(_ name: SegmentName) throws(JournalError) -> LineSource {
        do throws(JournalError) {
            return try LineSource(name, under: directory)
        } catch {
            // It was compressed, or removed, since it was listed.
            guard case .cannotOpen(_, ENOENT) = error, !name.isCompressed else { throw error }
            return try LineSource(name.compressed, under: directory)
        }
    }

    /// Checks the bytes after the last record of a closed segment.
    private mutating func judge(tail name: SegmentName, from offset: Int, before following: SegmentName) throws(JournalError) {
        let place = tree.size - 1
        guard try !SegmentTail.isOurs(from: offset, of: name, before: following, under: directory, durable: jury.largest) else {
            report.remarks.append("\(name.text) goes on behind record \(place), as a failed write leaves it: the next segment supersedes that")
            return
        }
        guard appended == nil else { return }
        appended = .init(
            kind: .appended, first: place, last: place, file: name.text,
            sentence: "something was put behind the end of \(name.text): it stands behind record \(place), is no part of the journal, and the "
                + "gateway did not write it there")
    }

    /// Checks what an event of the journal says about its tree.
    private mutating func judge(event line: UnsafeRawBufferPointer) -> VerificationReport.Fault? {
        guard let fields = RecordFields(line), let event = fields.text(.event) else { return nil }
        if event == KeyChange.event {
            guard let change = fields.object(.detail)?.text("note").flatMap(KeyChange.init(note:)), jury.learn(change) else {
                let sentence = "record \(tree.size - 1) tells of a new checkpoint key and is not signed by the key before and the new one"
                return .init(kind: .forgedCheckpoint, first: tree.size - 1, last: tree.size - 1, sentence: sentence)
            }
        }
        if event == RemovedPrefix.event, let before = fields.object(.detail)?.integer("before"), UInt64(clamping: before) == removedBefore {
            isRemovalTold = true
        }
        if event == KeyChange.lossEvent, let new = fields.object(.detail)?.text("new") {
            report.remarks.append(
                "record \(tree.size - 1) says that the checkpoint key was lost and \(new) took over, which nobody but that key signed: ask whoever "
                    + "runs the gateway whether that is so")
        }
        return nil
    }

    /// A segment may be empty if it was created when the records from its number on were not durable. If a checkpoint covers these records, the empty
    /// segment was put there from outside, and readers would skip the records in the segment before.
    private func hiding(_ name: SegmentName) -> VerificationReport.Fault {
        let last = tree.size - 1
        return .init(
            kind: .inserted, first: name.first, last: last, file: name.text,
            sentence: "the segment \(name.text) is empty and was put there: it hides records \(name.first) to \(last) from readers")
    }

    /// Numbers that are missing before this segment.
    private func gap(before name: SegmentName) -> VerificationReport.Fault {
        let (first, last) = (tree.size, name.first - 1)
        // A record soon after a rotation names the segment that was closed.
        var closed: String?
        if var source = try? LineSource(name, under: directory) {
            var looks = Self.rotationReach
            while closed == nil, looks > 0, let line = try? source.next() {
                closed = RecordFields(line)?.object(.detail)?.text("closed")
                looks -= 1
            }
        }
        let missing = SegmentName(first: first).text
        if let empty = (try? DirectoryListing.segments(under: directory))?.first(where: { $0.first == first }) {
            let sentence = "records \(first) to \(last) are gone: the segment \(empty.text) was cut to nothing"
            return .init(kind: .cutTail, first: first, last: last, file: empty.text, sentence: sentence)
        }
        let isWhole = closed == nil || closed == missing || report.first == tree.size
        let sentence =
            isWhole
            ? "records \(first) to \(last) are gone: the segment \(missing) is missing"
            : "records \(first) to \(last) are gone from the end of the segment before \(name.text)"
        return .init(kind: isWhole ? .missingSegment : .cutTail, first: first, last: last, file: isWhole ? missing : name.text, sentence: sentence)
    }

    private func diagnose(_ line: UnsafeRawBufferPointer) -> VerificationReport.Fault {
        let signed = jury.sizes(after: tree.size).first
        return FaultDiagnosis(store, good: good, place: tree.size, signed: signed).fault(RecordLineHead(line)?.sequence)
    }

    /// Determines which record causes a root that doesn't match.
    private func explain(_ fault: VerificationReport.Fault) -> VerificationReport.Fault {
        guard fault.kind == .changed, fault.sentence.isEmpty else { return fault }
        return FaultDiagnosis(store, good: good, place: nil, signed: fault.last + 1).fault(nil)
    }

    private mutating func remark() {
        let strangers = DirectoryListing.strangers(under: directory)
        if !strangers.isEmpty {
            let named = strangers.prefix(Self.namedStrangers).joined(separator: ", ")
            let others = strangers.count - min(strangers.count, Self.namedStrangers)
            report.remarks.append("no part of the journal, and read by nobody: \(named)" + (others > 0 ? ", and \(others) more files" : ""))
        }
        if !hasKey { report.remarks.append("no public key is at hand, so no checkpoint proves anything: name one with --public-key") }
        if jury.torn > 0 { report.remarks.append("\(jury.torn) checkpoint files are torn, as a power cut leaves them; they count for nothing") }
        if !jury.unreadable.isEmpty {
            let others = jury.unreadable.count - min(jury.unreadable.count, Self.namedStrangers)
            report.remarks.append(
                "nothing was compared with checkpoints that can't be read: \(jury.unreadable.prefix(Self.namedStrangers).joined(separator: ", "))"
                    + (others > 0 ? ", and \(others) more" : ""))
        }
        if removedBefore > 0 {
            report.remarks.append(
                "records before \(removedBefore) were removed; the checkpoint of that size stands for them, and of their content nothing can be "
                    + "proven any more"
            )
        }
        if !jury.unreached.isEmpty {
            report.remarks.append(
                "\(jury.unreached.joined(separator: ", ")) covers only records that were removed since, so that nothing could be compared with it")
        }
        if report.fault == nil, !report.isAnchored {
            report.remarks.append(
                "no checkpoint from outside the directory was compared: whoever can write the directory and has its key could have written "
                    + "all of this anew, or cut it off behind an older checkpoint; give one with --checkpoint")
        }
        if report.fault == nil, report.signed < report.head.size {
            report.remarks.append("records from \(report.signed) on are not covered by a checkpoint yet: of those at the end some could be missing")
        }
    }
}
