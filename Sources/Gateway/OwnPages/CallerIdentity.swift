import Catalogue
import Codecs
import Policy

/// `/-/whoami`: as whom the gateway recognises the caller, and what it may do.
struct CallerIdentity {
    private let caller: Caller
    private let rights: CallerRights
    private let snapshot: Snapshot

    init(_ caller: Caller, _ rights: CallerRights, _ snapshot: Snapshot) {
        self.caller = caller
        self.rights = rights
        self.snapshot = snapshot
    }

    var answer: OwnAnswer {
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("caller", caller.name)
            json.member("method", caller.method.text)
            json.member("address", caller.address)
            json.list("projects", caller.projects) { json, position in
                let project = snapshot.projects.projects[position]
                json.object { json in
                    json.member("name", project.name)
                    json.member("id", project.id == Project.unknownID ? nil : project.id)
                    json.member("region", project.region)
                    json.member("enterprise_project_id", caller.defaultEnterpriseProject ?? project.enterpriseProjectID)
                    json.key("default")
                    json.value(position == caller.projects.first)
                }
            }
            json.object("enterprise_projects") { json in
                json.member("default", caller.defaultEnterpriseProject)
                json.list("allowed", caller.enterpriseProjects.listed) { $0.value($1) }
            }
            json.list("require_reason", OperationKind.allCases.filter(caller.reasonRequired.contains)) { $0.value($1.rawValue) }
            json.list("kinds", rights.kinds) { $0.value($1.rawValue) }
            json.member("operation_count", Int64(rights.all.count))
            json.list("operations", rights.all) { $0.value($1.operation.name) }
        }
        json.newline()
        return OwnAnswer(type: "application/json", bytes: json.bytes)
    }
}

extension EnterpriseProjectRights {
    /// As `enterprise_projects.allowed` would list them.
    fileprivate var listed: [String] {
        switch self {
        case .any: [Self.every, Self.allGranted]
        case .single: [Self.every]
        case .only(let values): values.sorted()
        }
    }
}

/// `/-/operations?q=`: the operations that a caller may call, filtered by the words of a query.
struct OperationList {
    private let rights: [CallerRights.Right]

    init(_ rights: CallerRights, query: String) {
        self.rights = rights.matching(query)
    }

    var answer: OwnAnswer {
        var json = JSONWriter(capacity: 256 * (rights.count + 1))
        json.object { json in
            json.member("count", Int64(rights.count))
            json.list("operations", rights) { json, right in
                json.object { json in
                    let described = OperationDescriptions.of(right.operation)
                    json.member("name", right.operation.name)
                    json.member("kind", right.operation.kind.rawValue)
                    json.member("method", right.operation.method.rawValue)
                    json.member("path", right.operation.template)
                    json.member("summary", described.summary)
                    json.member("tag", described.tag)
                    json.list("query", right.operation.queryParameters) { $0.value($1.name) }
                    json.list("projects", right.projects) { $0.value($1) }
                }
            }
        }
        json.newline()
        return OwnAnswer(type: "application/json", bytes: json.bytes)
    }
}
