import Credentials
package import Settings

/// Proves each credential with calls that change nothing, one after the other: `config check --connect`.
///
/// Each is tried once. Repeated attempts with a wrong password lock its user.
package struct ConnectionCheck {
    package let settings: GatewaySettings
    package let environment: [String: String]

    package init(settings: GatewaySettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// The result for one credential.
    package struct Finding {
        let credential: String
        let type: String
        /// A sentence for the operator: what to fix, or a warning.
        let sentence: String
        package let isProven: Bool

        package var text: String { "\(isProven ? "ok  " : "FAIL") \(credential) (\(type)): \(sentence)" }

        package var json: String {
            let ok = isProven ? "true" : "false"
            return #"{"credential":\#(Self.quoted(credential)),"type":"\#(type)","ok":\#(ok),"message":\#(Self.quoted(sentence))}"#
        }

        /// Names and sentences have no control characters, so only quotes and backslashes are escaped.
        private static func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
    }

    /// The results of the calls for one credential.
    struct Examination: Sendable {
        /// The result for one project.
        struct Read: Sendable {
            let project: String
            /// Nil when HSS allowed the read.
            let fault: IAMFault?
        }

        let credential: String
        let type: String
        /// Why it was refused; nil when it was accepted.
        let fault: IAMFault?
        /// Whether an identity service was called: for a credential without one, only HSS is.
        let isIdentified: Bool
        let reads: [Read]
        /// The number of projects beyond the limit, which were not tried.
        let unread: Int
        /// How far the cloud's clock is ahead, seconds.
        let clockOffset: Int64
    }

    package func run() async throws(Failure) -> [Finding] { try await examine().map(Self.finding) }

    /// Tries each credential once.
    func examine() async throws(Failure) -> [Examination] {
        let upstream = try TransportAssembly.configuration(settings, environment: environment)
        let exchange = IAMTransport(upstream: upstream, userAgent: "hss-gateway/\(Build.version)")
        // A token must not reach an HSS whose key isn't the pinned one.
        let hss = IAMTransport(upstream: upstream, userAgent: "hss-gateway/\(Build.version)", isPinned: true)
        let surroundings = CredentialSurroundings(environment: environment, exchange: exchange, clock: ClockOffset(answersNeeded: 1))
        var examinations: [Examination] = []
        do throws(Failure) {
            let credentials = try CredentialAssembly.credentials(settings, surroundings)
            for made in credentials.made { examinations.append(await prove(made, hss, surroundings.clock)) }
        } catch {
            await exchange.stop()
            await hss.stop()
            throw error
        }
        await exchange.stop()
        await hss.stop()
        return examinations
    }

    private static func finding(_ examination: Examination) -> Finding {
        var sentence: String
        let failed = examination.fault ?? examination.reads.compactMap(\.fault).first
        if let failed {
            sentence = failed.sentence
        } else {
            sentence = examination.isIdentified ? "proved itself." : "was shown to HSS alone, since the region's IAM is not known."
            if !examination.reads.isEmpty {
                let rest = examination.unread > 0 ? " \(examination.unread) more were not asked." : ""
                sentence += " HSS lets it read in \(examination.reads.map(\.project).joined(separator: ", ")).\(rest)"
            }
        }
        let seconds = examination.clockOffset
        if seconds.magnitude >= UInt64(ClockOffset.warning.components.seconds) {
            sentence += " This machine's clock is \(seconds.magnitude) s \(seconds < 0 ? "ahead of" : "behind") the cloud's: set it, best by NTP."
        }
        return Finding(credential: examination.credential, type: examination.type, sentence: sentence, isProven: failed == nil)
    }

    private func prove(_ made: CredentialSet.Made, _ hss: IAMTransport, _ clock: ClockOffset) async -> Examination {
        var fault: IAMFault?
        var isIdentified = true
        do throws(IAMFault) {
            try await CredentialProof(made.credential, at: made.place).identify(orFind: made.place.region)
        } catch {
            isIdentified = false
            // Without a known IAM only HSS is called.
            if case .endpointUnknown = error.kind, !projects(of: made).isEmpty { fault = nil } else { fault = error }
        }
        let all = projects(of: made)
        // A credential that needs no identity service is still tried at HSS when that service can't be
        // reached.
        var isShown = fault == nil
        if case .exchange = fault?.kind { isShown = made.stored != nil }
        let reads = isShown ? await readProjects(made, all, hss) : []
        return Examination(
            credential: made.setting.name, type: made.setting.kind.rawValue, fault: fault, isIdentified: isIdentified, reads: reads,
            unread: isShown ? max(0, all.count - Self.mostProjects) : 0, clockOffset: clock.duration.components.seconds)
    }

    /// Calls HSS in the projects that use the credential: a valid login may still lack the role.
    private func readProjects(_ made: CredentialSet.Made, _ all: [ProjectSettings], _ exchange: IAMTransport) async -> [Examination.Read] {
        var reads: [Examination.Read] = []
        let proof = CredentialProof(made.credential, at: made.place)
        let (iam, sts, region) = (made.place.iam, made.place.sts, made.place.region)
        let reader = CredentialProof(made.credential, at: IAMContext(iam: iam, sts: sts, region: region, exchange: exchange, clock: made.place.clock))
        for project in all.prefix(Self.mostProjects) {
            guard let hss = try? IAMEndpoints.endpoint(of: project.region, in: settings) else { continue }
            do throws(IAMFault) {
                var found = project.identifier
                if found == nil { found = try await proof.projectID(region: project.region) }
                guard let found else { continue }
                try await reader.read(project: found, enterpriseProject: project.enterpriseProject, at: hss)
                reads.append(Examination.Read(project: project.name, fault: nil))
            } catch {
                // A 429 shows that the credential was accepted.
                let fault = error.kind == .throttled ? nil : error.naming(project: project.name)
                reads.append(Examination.Read(project: project.name, fault: fault))
                // A refused credential is not tried again: that would lock the user.
                switch error.kind {
                case .refused, .locked, .clock: return reads
                default: break
                }
            }
        }
        return reads
    }

    /// HSS accepts five calls of an operation a minute from one user.
    private static let mostProjects = 5

    /// The projects in which a credential is used, also as a fallback; for a token of one project only that
    /// one.
    private func projects(of made: CredentialSet.Made) -> [ProjectSettings] {
        settings.projects.filter { project in
            switch made.scope {
            case .domain: return false
            case .project(let id) where project.identifier != id: return false
            case .region(let region) where project.region != region || project.identifier != nil: return false
            default: break
            }
            var names = project.credentials
            var reached: Set<String> = []
            while let name = names.popLast() {
                guard reached.insert(name).inserted else { continue }
                if let fallback = settings.credentials.first(where: { $0.name == name })?.fallback { names.append(fallback) }
            }
            return reached.contains(made.setting.name)
        }
    }
}
