import Codecs

/// The findings of one examination, as text or JSON.
package struct DoctorReport: Sendable {
    package let findings: [DoctorFinding]

    package init(_ findings: [DoctorFinding]) {
        let order = Dictionary(DoctorFinding.Check.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.findings = findings.enumerated().sorted { left, right in
            (order[left.element.check] ?? 0, left.offset) < (order[right.element.check] ?? 0, right.offset)
        }.map(\.element)
    }

    /// The worst of all verdicts.
    package var verdict: DoctorFinding.Verdict { findings.map(\.verdict).max() ?? .ok }

    /// 0 all is well, 6 warnings, 7 failures.
    package var exitCode: Int32 {
        switch verdict {
        case .ok: 0
        case .warning: 6
        case .failure: 7
        }
    }

    /// A line for each finding, and one below it for what to do.
    package var text: String {
        findings.map { finding in
            let word = finding.verdict == .ok ? "ok  " : finding.verdict == .warning ? "WARN" : "FAIL"
            let name = finding.check.rawValue + String(repeating: " ", count: max(0, 13 - finding.check.rawValue.count))
            let line = "\(word)  \(name) \(finding.subject.map { "\($0): " } ?? "")\(finding.message)"
            return finding.advice.map { "\(line)\n      \(String(repeating: " ", count: 13)) → \($0)" } ?? line
        }.joined(separator: "\n")
    }

    /// One sentence about all of them.
    package var summary: String {
        func count(_ verdict: DoctorFinding.Verdict) -> Int { findings.count { $0.verdict == verdict } }
        let (failures, warnings) = (count(.failure), count(.warning))
        guard failures + warnings > 0 else { return "\(findings.count) things looked at, all of them well." }
        return "\(findings.count) things looked at: \(failures) failed, \(warnings) with a warning."
    }

    /// One object: the verdict, and the list of findings.
    package var json: String {
        var writer = JSONWriter()
        writer.open()
        writer.member("verdict", verdict.rawValue)
        writer.member("summary", summary)
        writer.member("version", Build.version)
        writer.key("findings")
        writer.open("[")
        for finding in findings {
            writer.open()
            writer.member("check", finding.check.rawValue)
            writer.member("subject", finding.subject)
            writer.member("verdict", finding.verdict.rawValue)
            writer.member("message", finding.message)
            writer.member("advice", finding.advice)
            writer.close()
        }
        writer.close("]")
        writer.close()
        return writer.text
    }
}
