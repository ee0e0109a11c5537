import Catalogue
import Codecs
import Credentials
package import Gateway
import Policy

/// An explanation for people and for programs.
package struct ExplanationReport {
    private let members: [(name: String, value: String)]
    private let canonicalRequest: String?

    package init(_ explanation: Explanation) {
        var members: [(String, String)] = [("decision", explanation.refusal != nil ? "deny" : explanation.isOnTrial ? "log" : "allow")]
        func add(_ name: String, _ value: String?) {
            if let value { members.append((name, value)) }
        }
        add("operation", explanation.operation?.name)
        add("kind", explanation.operation?.kind.rawValue)
        add("caller", explanation.caller?.name)
        add("rule", explanation.rule)
        add("project", explanation.project.map { "\($0.name) (\($0.id), \($0.region))" })
        add("credential", explanation.credential)
        if explanation.task != .none { add("task", "\(explanation.task)") }
        if let (value, isInjected) = explanation.enterpriseProject {
            add("enterprise_project_id", value)
            add("injected", isInjected ? "enterprise_project_id=\(value)" : "nothing")
        }
        add("host", explanation.origin)
        add("target", explanation.target)
        add("authorization", explanation.signing?.authorization)
        add("signing", explanation.signingNote)
        add("error_code", explanation.refusal?.code.text)
        add("error_msg", explanation.refusal?.message)
        add("hint", explanation.refusal?.hint)
        self.members = members
        canonicalRequest = explanation.signing?.canonicalRequest
    }

    /// A line for each fact, then the canonical request as it is signed.
    package var text: String {
        let width = members.map(\.name.count).max() ?? 0
        var lines = members.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value }
        if let canonicalRequest {
            lines += ["", "canonical request:"]
            lines += canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    package var json: String {
        let all = members + (canonicalRequest.map { [("canonical_request", $0)] } ?? [])
        return "{" + all.map { "\(JSONString.quoted($0.0)):\(JSONString.quoted($0.1))" }.joined(separator: ",") + "}"
    }
}
