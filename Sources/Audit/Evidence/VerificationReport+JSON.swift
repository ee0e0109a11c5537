import Codecs

extension VerificationReport {
    /// The verdict in one word.
    package var verdict: String { fault != nil ? "broken" : signed < head.size ? "intact_not_all_signed" : "intact" }

    /// The report as one line of JSON.
    package var json: String {
        var report = FieldObject()
        if let instance { report.add("instance", .string(instance)) }
        let figures: FieldObject = [
            "verdict": .string(verdict), "first": .integer(Int64(first)), "records": .integer(Int64(records)),
            "tree_size": .integer(Int64(head.size)), "root": .string(head.root.description), "checkpoints": .integer(Int64(checkpoints)),
            "signed": .integer(Int64(signed)), "anchored": .boolean(isAnchored),
        ]
        for field in figures.fields { report.add(field.name, field.value) }
        if let fault {
            var detail: FieldObject = [
                "kind": .string(fault.kind.rawValue), "first": .integer(Int64(fault.first)), "last": .integer(Int64(fault.last)),
                "sentence": .string(fault.sentence),
            ]
            if let file = fault.file { detail.add("file", .string(file)) }
            report.add("fault", .object(detail))
        }
        report.add("remarks", .list(remarks.map { .string($0) }))
        return String(unsafeUninitializedCapacity: report.sizeBound) { buffer in
            var line = LineWriter(buffer)
            line.put(report)
            return line.count
        }
    }

    /// The report for people, one sentence per line.
    package var text: String {
        var lines: [String] = []
        switch fault {
        case let fault?: lines.append("broken: \(fault.sentence)")
        case nil where records == 0 && first == 0: lines.append("intact: there is no record yet")
        case nil: lines.append("intact: records \(first) to \(Int64(head.size) - 1), root \(head.root)")
        }
        lines.append("\(checkpoints) checkpoints fit; the newest covers \(signed) records")
        // A name from a database may contain a line break followed by a forged verdict.
        return (lines + remarks.map { "note: \($0)" }).map { line in PrintableText.line(instance.map { "\($0): \(line)" } ?? line) }
            .joined(separator: "\n")
    }
}
