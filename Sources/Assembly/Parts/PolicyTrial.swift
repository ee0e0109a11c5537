import Audit
package import Catalogue
import Credentials
package import Gateway
import Policy
import Recognition
package import Recollection
package import Settings

/// Evaluates a policy without sending anything and without reading a secret: a CI pipeline has only the configuration.
package struct PolicyTrial {
    /// The smallest policy that allows the recorded calls.
    package enum Suggestion {
        /// One rule for each caller and set of projects.
        package static func rules(_ used: [String: [String: Set<String>]], comment: String) -> String {
            var text = comment + "policy:\n"
            for (caller, operations) in used.sorted(by: { $0.key < $1.key }) {
                let byProjects = Dictionary(grouping: operations) { $0.value.sorted() }
                for (number, (projects, same)) in byProjects.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }).enumerated() {
                    let names = same.map(\.key).sorted().joined(separator: ", ")
                    let suffix = byProjects.count > 1 ? "-\(number + 1)" : ""
                    text += "  - name: \(caller)\(suffix)\n    callers: [\(caller)]\n    projects: [\(projects.joined(separator: ", "))]\n"
                    text += "    operations: [\(names)]\n    action: allow\n"
                }
            }
            return used.isEmpty ? comment + "policy: []\n" : text
        }
    }

    private let snapshot: Snapshot
    private let memory: Memory

    /// - Parameter memory: the owners of export tasks; empty if no journal is read.
    package init(_ settings: GatewaySettings, memory: Memory = Memory()) throws(Failure) {
        let identifiers = ProjectIdentifiers()
        // A project without an id is identified by its name.
        for project in settings.projects where project.identifier == nil { identifiers.learn(project.name, of: project, in: settings) }
        let credential: Credential
        do throws(SecretFault) {
            credential = Credential(name: "none", source: try StoredCredential.token(.value(Secret("none"))))
        } catch {
            throw Failure(.runtime, error.sentence)
        }
        var set = CredentialSet()
        for project in settings.projects {
            set.acting[project.name] = CredentialSet.Acting(credential: credential, alternatives: [], fallbacks: [])
        }
        snapshot = try SnapshotAssembly.snapshot(
            settings, credentials: set, identifiers: identifiers, recogniser: Recogniser(), generation: 1,
            gateway: Record.Gateway(instance: Instance.name, version: Build.version, configSHA256: ""))
        self.memory = memory
    }

    /// The decision about a request.
    package struct Verdict: Equatable {
        package let isAllowed: Bool
        /// Allowed by a rule with `action: log`, which would have refused it.
        package let isOnTrial: Bool
        package let rule: String?
        package let code: String?
        package let message: String?

        /// For a table: `allow (rule)`, `log (rule)` or `deny HSSGW.4031 (rule)`.
        package var text: String {
            let words = isOnTrial ? "log" : isAllowed ? "allow" : "deny \(code ?? "")"
            return rule.map { "\(words) (\($0))" } ?? words
        }
    }

    /// Decides a request as a gateway with this configuration would, without limits.
    package func verdict(on request: Explanation.Request) -> Verdict {
        let explanation = Explanation(of: request, by: snapshot, memory: memory)
        return Verdict(
            isAllowed: explanation.refusal == nil, isOnTrial: explanation.isOnTrial, rule: explanation.rule, code: explanation.refusal?.code.text,
            message: explanation.refusal?.message
        )
    }

    /// The path of an operation, with a placeholder for each id.
    package static func target(of operation: Operation, project: String?) -> String {
        operation.template.split(separator: "/").map { segment in
            if segment == "{project_id}" { return "/\(project ?? "_")" }
            return segment.hasPrefix("{") ? "/x" : "/\(segment)"
        }.joined()
    }

    /// The time of a request to be judged, as seconds since 1970.
    /// - Parameters:
    ///   - time: RFC 3339 in UTC, with or without microseconds: `2026-01-31T23:59:59Z`.
    ///   - option: the option of a command that has this value, for the message; nil for a file.
    package static func seconds(_ time: String, of option: String? = nil) throws(Failure) -> Int64 {
        var text = time
        if text.utf8.count == 20, text.hasSuffix("Z") { text = text.dropLast() + ".000000Z" }
        let moment = text.withUTF8 { Timestamp(UnsafeRawBufferPointer($0)) }
        guard let moment else { throw Failure(.usage, "\(option.map { "\($0) " } ?? "")\(time) is not a time such as 2026-01-31T23:59:59Z.") }
        return moment.microseconds / 1_000_000
    }
}
