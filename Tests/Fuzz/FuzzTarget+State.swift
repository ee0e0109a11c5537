import Crypto

@testable import Audit
@testable import Inquiry
@testable import Policy
@testable import Recognition
@testable import Recollection
@testable import Shipping

// MARK: - Lines of a journal, by all who read them

extension FuzzTarget {
    /// A line as four readers see it: of the journal's own form, of any JSON, for the central copy in one piece and by columns.
    static func readLine(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { line in
            var own = [Range<Int>](repeating: 0..<0, count: RecordField.allCases.count)
            let isOwn = own.withUnsafeMutableBufferPointer { CompactLine(bytes: line).find($0) }
            if isOwn {
                var any = RecordScanner()
                precondition(any.scanAnyForm(line), "whatever the one reader takes for a record, the other does")
                precondition(any.ranges == own, "and for the same record")
            }
            var sheet = RollupSheet()
            sheet.add(line)
            _ = (sheet.rows, RecordFact(line: line))
            var copy = CopyText(instance: "gw-1")
            let isTaken = copy.add(7, line: line)
            let row = CentralRow(instance: "gw-1", sequence: 7, line: line)
            guard isTaken, !line.contains(0x0A) else { return }
            precondition(row.map { columns(copy.bytes) == $0.values + [String(decoding: line, as: UTF8.self)] } == true, "the same row")
            let message = SyslogMessage(hostname: "gw-1", processID: 7).bytes(7, line, limit: 2_048)
            precondition(!message.contains(0x0A), "a message is one line")
        }
    }

    /// The columns of a row in COPY's text form; nil for NULL.
    private static func columns(_ row: [UInt8]) -> [String?] {
        precondition(row.last == 0x0A && row.count { $0 == 0x0A } == 1, "a row is one line")
        return row.dropLast().split(separator: 0x09, omittingEmptySubsequences: false).map { column in
            if column.elementsEqual("\\N".utf8) { return nil }
            var text: [UInt8] = []
            var rest = column
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                    text.append(byte)
                    continue
                }
                switch escape {
                case UInt8(ascii: "t"): text.append(0x09)
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "r"): text.append(0x0D)
                default: text.append(escape)
                }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// A row of rolled-up figures: five columns and a span, a line each.
    static func readRollup(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 5, let rollup = Rollup(values: lines[..<5].map(Optional.some)) else { return }
        precondition(Rollup(values: rollup.values.map(Optional.some)) == rollup, "what is written is read as the same")
        var sum = rollup
        for _ in 0..<3 { sum.add(sum) }
        precondition(sum.count >= rollup.count && sum.durations.total >= rollup.durations.total, "sums don't wrap around")
        for quantile in [0.5, 0.99, 1] { _ = (sum.durations.quantile(quantile), sum.waits.quantile(quantile)) }
        guard lines.count >= 7, let begin = Int64(lines[5]), let end = Int64(lines[6]), 0 <= begin, begin < end, end < 200_000_000 else { return }
        // Bounded: by the guard.
        let newest = end
        var place = Int64.min
        for (step, slots) in RollupStep.cover(begin..<end, newest: newest) {
            precondition(slots.lowerBound >= place && slots.lowerBound % step.rawValue == 0 && slots.upperBound % step.rawValue == 0, "whole slots")
            place = slots.upperBound
        }
        precondition(place >= end, "they cover the span")
    }
}

// MARK: - What a fleet's database says of a line

extension FuzzTarget {
    /// The first 8 bytes choose what happens to the line whose stored state follows.
    static func readLineState(_ bytes: [UInt8]) {
        guard bytes.count > 8 else { return }
        let quota = Quota(limit: 5, period: .seconds(60))
        let paces: [FlowRules.Pace] = [.adaptive, .off, .fixed(perOperation: quota, perAPI: Quota(limit: 8, period: .seconds(10)))]
        let rules = FlowRules(pace: paces[Int(bytes[0]) % paces.count])
        guard var line = OperationLine(decoding: Array(bytes[8...]), rules: rules) else { return }
        let now = Duration.microseconds(1_793_491_200_000_000)
        let stored = line.encoded(at: now)
        guard let again = OperationLine(decoding: stored, rules: rules) else { preconditionFailure("what is stored can be read") }
        precondition(again.encoded(at: now) == stored, "and is stored as the same")
        line.adopt(rules)
        for (index, choice) in bytes[1..<8].enumerated() { act(choice, on: &line, at: now + .seconds(index), ticket: 1_000 + index) }
        precondition(OperationLine(decoding: line.encoded(at: now), rules: rules) != nil, "what became of it can be read by the others")
    }

    private static func act(_ choice: UInt8, on line: inout OperationLine, at now: Duration, ticket: Int) {
        let credentials = choice & 0x80 == 0 ? ["one"] : ["one", "two"]
        let request = OperationLine.Request(ticket: ticket, caller: choice & 0x40 == 0 ? "a" : "b", credentials: credentials, owner: 1)
        switch choice & 0x0F {
        case 0: _ = line.arrive(request, at: now, hasRoom: true)
        case 1: _ = line.advance(to: now, for: 1)
        case 2: _ = line.advance(to: now)
        case 3: line.keepTurns(until: now + .seconds(120), at: now)
        case 4: line.keepTurns(until: now + .seconds(120), at: now, for: 1)
        case 5: line.withdraw(ticket - 1)
        case 6: line.answered(ticket - 1, at: now)
        case 7: _ = line.throttled(ticket - 1, QuotaNotice(), at: now)
        case 8: line.stepBack(to: now - .seconds(3_600))
        case 9: _ = (line.readings(of: 0, at: now), line.standing(of: "a", at: now), line.nextMoment(after: now, for: 1))
        case 10: _ = (line.nextMoment(after: now), line.keepsMore(of: 1, until: now + .seconds(60), at: now), line.keptTurns(of: 1))
        case 11: line.leftByKept(ticket - 1, with: "one", at: now)
        case 12: line.assumeUse(during: .seconds(3), since: now - .seconds(3), at: now, until: now + .seconds(60))
        case 13:
            let notice = QuotaNotice(text: "limit:5,time:1 minute")
            _ = line.throttled(unpaced: request, credential: "one", notice: notice, departure: now, at: now)
        case 14: _ = line.remember([.init(caller: "a", time: now)], credential: "one", at: now)
        default: _ = line.claim(of: request, at: now)
        }
    }
}

// MARK: - Files beside the journal

extension FuzzTarget {
    /// A snapshot of the memory, a key file, or the journal's frontier; a checksum that would be in the way is made right.
    static func readStateFile(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let list = try? CallerKeyList(text) {
            precondition((try? CallerKeyList(list.text)) == list, "what is written is read as the same")
            precondition(CallerKeyList.Change.changes(from: list, to: list).isEmpty, "nothing has changed")
            _ = CallerKeyTable(list, secrets: nil)
        }
        let check = bytes.withUnsafeBytes { SHA256Hash(of: $0) }
        if let snapshot = MemorySnapshot(decoding: "\(text)check \(check)\n") {
            precondition(MemorySnapshot(decoding: snapshot.encoded)?.encoded == snapshot.encoded, "what is written is read as the same")
        }
        let leaf = bytes.withUnsafeBytes { MerkleTree.leaf($0) }
        if let cache = FrontierCache(decoding: "\(text)check \(leaf)\n") {
            precondition(cache.encoded == "\(text)check \(leaf)\n", "a frontier has one spelling")
            var tree = cache.tree
            tree.appendMissing(UInt64(bytes.count))
            precondition(tree.size == cache.tree.size + UInt64(bytes.count), "as many leaves as were lost")
        }
    }
}

extension SHA256Hash {
    fileprivate init(of bytes: UnsafeRawBufferPointer) {
        guard let hash = SHA256Hash(SHA256.hash(data: bytes)) else { preconditionFailure("a SHA-256 has 32 bytes") }
        self = hash
    }
}
