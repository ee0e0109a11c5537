import Audit
import Catalogue
import NIOHTTP1
import Policy
import Recollection

extension Exchange.Decision {
    /// Puts the default enterprise project into the query when the operation takes one and nobody said one.
    ///
    /// Query and body must not name two different ones: which of them the cloud would follow isn't documented.
    /// - Returns: what the record says about it; nil for operations that don't know the parameter.
    func completeEnterpriseProject(body: String?) throws(Refusal) -> Record.EnterpriseProjectID? {
        if let query = target.enterpriseProject {
            if let body, body != query {
                throw Refusal(
                    .badEnterpriseProject, "The query and the body name different enterprise projects.", hint: "Name it once, in the query."
                )
            }
            return Record.EnterpriseProjectID(value: query, injected: false)
        }
        guard operation.takesEnterpriseProject else { return body.map { Record.EnterpriseProjectID(value: $0, injected: false) } }
        let value = body ?? defaultEnterpriseProject
        target = target.settingEnterpriseProject(value)
        return Record.EnterpriseProjectID(value: value, injected: body == nil)
    }

    /// What goes out when nobody names one.
    var defaultEnterpriseProject: String { caller.defaultEnterpriseProject ?? route.project.enterpriseProjectID }

    /// What the policy has to know, at another time than the first.
    func access(at time: Timestamp) -> Access {
        var access = access
        access.time = time.seconds
        return access
    }
}

extension Durability {
    /// Whether an operation of this kind has a durable request record before it leaves, and a durable closing one before its
    /// answer is whole.
    func isWriteAhead(for kind: OperationKind) -> Bool {
        switch self {
        case .strict: true
        case .strictExports: kind != .read
        case .bestEffort: false
        }
    }
}

extension Operation {
    /// The operation that a request asks for; paths outside the API and unknown ones are told apart.
    static func finding(_ method: HTTPMethod, _ target: RequestTarget) throws(Refusal) -> Operation {
        guard target.namesProject else {
            throw Refusal(.notInAPI, "This gateway serves paths under /v5/ only.", hint: "Call /v5/{project_id}/… as in the HSS API reference.")
        }
        guard let method = OperationMethod(method) else {
            throw Refusal(.operationUnknown, "No HSS operation has this method.", hint: "Use GET, POST, PUT or DELETE.")
        }
        let path = target.bytes.span.extracting(target.pathRange)
        guard let operation = OperationMatcher.match(method, path: path) else {
            let near = OperationSuggestion.nearest(to: method, path: Array(target.bytes[target.pathRange]))
            throw Refusal(
                .operationUnknown, "No HSS operation has this method and path.",
                hint: near.map { "Did you mean \($0.method.rawValue) \($0.template) (\($0.name))?" }
                    ?? "Compare method and path with the HSS v5 API reference; GET /openapi.yaml on the admin port lists all operations."
            )
        }
        return operation
    }
}

extension RequestTarget {
    /// The target in its one canonical form. What can be said about a faulty one goes into the record.
    static func reading(_ uri: String, host: String?, into record: inout some DecisionWitness) throws(Refusal) -> RequestTarget {
        do throws(Refusal) {
            let originForm = try TargetForm.originForm(of: uri, host: host)
            do throws(RequestTargetError) {
                return try RequestTarget(originForm: originForm)
            } catch {
                throw Refusal.translating(error)
            }
        } catch {
            record.learn(rawTarget: uri)
            throw error
        }
    }
}

extension OperationMethod {
    /// The method under which a request is matched: HEAD asks for what GET would answer (RFC 9110 section 9.3.2).
    fileprivate init?(_ method: HTTPMethod) {
        switch method {
        case .GET, .HEAD: self = .get
        case .POST: self = .post
        case .PUT: self = .put
        case .DELETE: self = .delete
        default: return nil
        }
    }
}
