import Codecs

/// The result of one examination.
package struct DoctorFinding: Sendable, Equatable {
    /// How good it is, from good to bad.
    package enum Verdict: String, Sendable, Comparable, CaseIterable {
        case ok
        case warning
        case failure

        package static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .failure: 2
            }
        }
    }

    /// What is examined, in the order of the report.
    package enum Check: String, Sendable, CaseIterable {
        case configuration, limits, permissions, secrets, journal, disk, checkpoint, proxy, dns, tcp, tls, clock, iam, hss, roles, sinks, anchors,
            fleet
        case gateway, unit, container
    }

    package let check: Check
    /// The host, file, credential or sink that it is about; nil if there is only one of its kind.
    package let subject: String?
    package let verdict: Verdict
    /// What was found, in one or two sentences, without secrets.
    package let message: String
    /// What to do, in one sentence; nil if there is nothing to do.
    package let advice: String?

    package init(_ check: Check, _ subject: String? = nil, _ verdict: Verdict, _ message: String, _ advice: String? = nil) {
        // Names in certificates and texts of the cloud may contain control characters, which a terminal would interpret.
        self.check = check
        self.subject = subject.map(PrintableText.line)
        self.verdict = verdict
        self.message = PrintableText.line(message)
        self.advice = advice.map(PrintableText.line)
    }
}

extension DoctorFinding {
    /// The same, with the files of stored secrets replaced by the references that they stand for.
    func naming(_ stores: SecretStores) -> DoctorFinding {
        DoctorFinding(check, subject.map(stores.naming), verdict, stores.naming(message), advice.map(stores.naming))
    }
}
