import Audit

/// The central copy is counted from its records, newest first, as far as the question's time goes.
extension FleetArchive {
    package func sum<Sum>(
        _ question: RollupQuestion, from empty: Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws(InquiryError) -> (sum: Sum, coverage: RollupCoverage) {
        var (sum, coverage) = (empty, RollupCoverage())
        for member in try members() where question.query.instance == nil || question.query.instance == member.instance {
            coverage.ends[member.instance] = member.end
        }
        var query = RecordQuery()
        query.instance = question.query.instance
        (query.since, query.until) = (question.time(of: 0), question.time(of: question.parts))
        query.limit = .max - 1
        try forEach(query) { record in
            guard ContinuousClock.now <= question.deadline else {
                coverage.isComplete = false
                return false
            }
            record.counted { entry, group in
                guard let part = question.part(of: entry.minute), question.matches(group) else { return }
                var rollup = Rollup()
                entry.add(to: &rollup)
                add(&sum, part, group, rollup)
            }
            return true
        }
        return (sum, coverage)
    }
}

extension JournalRecord {
    /// Gives the record's part in the rollups, where it has one.
    fileprivate func counted(_ body: (RollupEntry, RollupGroup) -> Void) {
        line.withUnsafeBytes { bytes in
            var scanner = RecordScanner()
            guard scanner.scan(bytes), let entry = RollupEntry(scanner, bytes, time: time.microseconds) else { return }
            body(entry, RollupGroup(scanner, bytes, entry))
        }
    }
}
