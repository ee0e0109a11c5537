import Credentials
package import Settings

/// Proves each credential with calls that change nothing, one after the other: `config check --connect`.
///
/// Each is tried once. A wrong password that is tried often locks its user.
package struct ConnectionCheck {
    package let settings: GatewaySettings
    package let environment: [String: String]

    package init(settings: GatewaySettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// What became of one credential.
    package struct Finding {
        let credential: String
        let type: String
        /// In words for the operator: what to fix, or what threatens.
        let sentence: String
        package let isProven: Bool

        package var text: String { "\(isProven ? "ok  " : "FAIL") \(credential) (\(type)): \(sentence)" }

        package var json: String {
            let ok = isProven ? "true" : "false"
            return #"{"credential":\#(Self.quoted(credential)),"type":"\#(type)","ok":\#(ok),"message":\#(Self.quoted(sentence))}"#
        }

        /// Names and sentences have no control characters; quotes and backslashes are all there is to escape.
        private static func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
    }

    package func run() async throws(Failure) -> [Finding] {
        let upstream = try TransportAssembly.configuration(settings, environment: environment)
        let exchange = IAMTransport(upstream: upstream, userAgent: "hss-gateway/\(Build.version)")
        let surroundings = CredentialSurroundings(environment: environment, exchange: exchange, clock: ClockOffset(answersNeeded: 1))
        let credentials = try CredentialAssembly.credentials(settings, surroundings)
        var findings: [Finding] = []
        for made in credentials.made { findings.append(await prove(made, surroundings.clock)) }
        await exchange.stop()
        return findings
    }

    private func prove(_ made: CredentialSet.Made, _ clock: ClockOffset) async -> Finding {
        var sentence: String
        var isProven = true
        do throws(IAMFault) {
            sentence = try await identified(made)
            sentence += try await readProjects(made)
        } catch {
            (sentence, isProven) = (error.sentence, false)
        }
        let seconds = clock.duration.components.seconds
        if abs(seconds) >= ClockOffset.warning.components.seconds {
            sentence += " This machine's clock is \(abs(seconds)) s \(seconds < 0 ? "ahead of" : "behind") the cloud's: set it, best by NTP."
        }
        return Finding(credential: made.setting.name, type: made.setting.kind.rawValue, sentence: sentence, isProven: isProven)
    }

    private func identified(_ made: CredentialSet.Made) async throws(IAMFault) -> String {
        do throws(IAMFault) {
            try await CredentialProof(made.credential, at: made.place).identify(orFind: made.place.region)
            return "proved itself."
        } catch {
            // Without an IAM of its own cloud HSS alone is asked.
            guard case .endpointUnknown = error.kind, !projects(of: made).isEmpty else { throw error }
            return "was shown to HSS alone, since the region's IAM is not known."
        }
    }

    /// Asks HSS itself in the projects where the credential acts: whoever may log in may still lack the role.
    private func readProjects(_ made: CredentialSet.Made) async throws(IAMFault) -> String {
        let all = projects(of: made)
        var read: [String] = []
        for project in all.prefix(Self.mostProjects) {
            let proof = CredentialProof(made.credential, at: made.place)
            guard let hss = try? IAMEndpoints.endpoint(of: project.region, in: settings) else { continue }
            var found = project.identifier
            if found == nil { found = try await proof.projectID(region: project.region) }
            guard let found else { continue }
            do throws(IAMFault) {
                try await proof.read(project: found, enterpriseProject: project.enterpriseProject, at: hss)
            } catch {
                // Whoever is told to wait is known and allowed.
                guard error.kind == .throttled else { throw error.naming(project: project.name) }
            }
            read.append(project.name)
        }
        guard !read.isEmpty else { return "" }
        let rest = all.count > read.count ? " \(all.count - read.count) more were not asked." : ""
        return " HSS lets it read in \(read.joined(separator: ", ")).\(rest)"
    }

    /// HSS takes five calls of an operation a minute from one user.
    private static let mostProjects = 5

    /// The projects that a credential acts in, itself or as a fallback; a token for one project only that one.
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
