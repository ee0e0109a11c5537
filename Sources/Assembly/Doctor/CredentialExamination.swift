import Credentials
import Settings

/// Tries each credential, at its identity service and at HSS, once.
struct CredentialExamination: Sendable {
    let settings: GatewaySettings
    let environment: [String: String]

    func findings() async -> [DoctorFinding] {
        do throws(Failure) {
            return findings(of: try await examine(settings))
        } catch {
            // One that can't be read must not hide the faults of the others.
            var findings: [DoctorFinding] = []
            for credential in settings.credentials {
                do throws(Failure) {
                    let examinations = try await examine(settings.reduced(toCredential: credential.name))
                    findings += self.findings(of: examinations.filter { $0.credential == credential.name })
                } catch {
                    findings.append(
                        DoctorFinding(
                            .secrets, credential.name, .failure, error.message, "Put the secret where the configuration says, readable by this user.")
                    )
                }
            }
            return findings
        }
    }

    private func examine(_ settings: GatewaySettings) async throws(Failure) -> [ConnectionCheck.Examination] {
        try await ConnectionCheck(settings: settings, environment: environment).examine()
    }

    private func findings(of examinations: [ConnectionCheck.Examination]) -> [DoctorFinding] {
        examinations.flatMap { examination -> [DoctorFinding] in
            let subject = "\(examination.credential) (\(examination.type))"
            return [identity(examination, subject)] + hss(examination, subject)
        }
    }

    private func identity(_ examination: ConnectionCheck.Examination, _ subject: String) -> DoctorFinding {
        if let fault = examination.fault { return DoctorFinding(.iam, subject, .failure, fault.sentence, Self.advice(fault)) }
        return DoctorFinding(
            .iam, subject, .ok,
            examination.isIdentified ? "It proved itself." : "The region's IAM is not known, so it was shown to HSS alone.")
    }

    private func hss(_ examination: ConnectionCheck.Examination, _ subject: String) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        let read = examination.reads.filter { $0.fault == nil }.map(\.project)
        if !read.isEmpty {
            let rest = examination.unread > 0 ? " \(examination.unread) more were not asked." : ""
            findings.append(DoctorFinding(.hss, subject, .ok, "HSS lets it read in \(read.joined(separator: ", ")).\(rest)"))
        }
        var isLacking = false
        for case let (project, fault?) in examination.reads.map({ ($0.project, $0.fault) }) {
            let isRole = fault.kind == .forbidden
            isLacking = isLacking || isRole
            findings.append(DoctorFinding(isRole ? .roles : .hss, "\(subject), project \(project)", .failure, fault.sentence, Self.advice(fault)))
        }
        // Reading one host needs only the least privileged role.
        if !read.isEmpty, !isLacking {
            findings.append(
                DoctorFinding(.roles, subject, .ok, "No role for reading is missing. Roles for changes are only seen by changing something."))
        }
        return findings
    }

    /// What to do about a fault, in one sentence.
    private static func advice(_ fault: IAMFault) -> String {
        switch fault.kind {
        case .refused:
            if case .line = fault.difference {
                return "Look at what stands between: a proxy or load balancer must pass host, path, query and fields unchanged."
            }
            return fault.proof == .token
                ? "Put a new token in its place." : "Compare the secret with the one that was handed out, and see in IAM that it is active."
        case .locked: return "Wait for the lock to end, or have an administrator unlock the user."
        case .clock: return "Set this machine's clock, best by NTP."
        case .forbidden: return "Give the credential's user a role for HSS in the project, one that reads at least: IAM's console lists them."
        case .notFound, .noProject: return "Correct the name or the id in the configuration."
        case .throttled: return "Wait a minute and ask again."
        case .spared: return "Write the right password, and wait for its turn."
        case .failing, .malformed: return "Check that the endpoint is the right service, and look at the cloud's status page."
        case .exchange(.untrusted): return "Look at the finding about tls: it says what is wrong with the certificate, or that there is none."
        case .exchange: return "Look at the findings about dns, tcp and proxy."
        case .secret: return "Put the secret where the configuration says, readable by this user."
        case .sourceUnavailable: return "Look at the credential that it is made from."
        case .notConfigured, .incomplete: return "Set what one way of the chain needs, or write the credential's type."
        case .endpointUnknown: return "Name the endpoint under `regions`."
        }
    }
}
