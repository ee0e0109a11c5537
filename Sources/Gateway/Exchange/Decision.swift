import Audit
import Catalogue
import Credentials
import Fleet
import NIOHTTP1
import Policy
import Recollection

extension Exchange {
    /// The decision on a request: operation, caller, project and route, and the permit to send it.
    ///
    /// A class, because most steps of an exchange use it: as a struct, each use retained and released its fifteen references.
    final class Decision {
        let operation: Operation
        let route: Route
        /// The credential of the route that signs this request.
        private(set) var credential: Credential
        var target: RequestTarget
        let caller: Caller
        /// The policy's input; complete once the body has been read.
        var access: Access
        /// The right to send one upstream request: made once the body has been read, consumed when the request is sent. A retry gets a new one.
        var permit: Permit?
        let isWriteAhead: Bool

        init(
            operation: Operation, route: Route, target: RequestTarget, caller: Caller, access: Access, isWriteAhead: Bool
        ) {
            self.operation = operation
            self.route = route
            self.credential = route.credential
            self.target = target
            self.caller = caller
            self.access = access
            self.isWriteAhead = isWriteAhead
        }

        func choose(_ credential: Credential) { self.credential = credential }
    }
}

/// Receives what is found out while a request is decided, also if it is then refused. The record and `explain` implement it.
protocol DecisionObserver {
    mutating func learn(rawTarget: String)
    /// The path names a project that the caller may not use.
    mutating func learn(refusedProject: String)
    mutating func learn(route: Route)
    mutating func learn(rule: Permit.PassingRule)
    mutating func learn(enterpriseProject: Record.EnterpriseProjectID?)
}

extension Exchange.Decision {
    /// Puts the default enterprise project into the query, if the operation takes one and neither query nor body names one.
    ///
    /// Query and body must not name two different ones: it isn't documented which of them the cloud uses.
    /// - Returns: what the record says about it; nil for operations without this parameter.
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

    /// The enterprise project of a request that names none.
    var defaultEnterpriseProject: String { caller.defaultEnterpriseProject ?? route.project.enterpriseProjectID }

    /// The policy's input with another time, for a retry.
    func access(at time: Timestamp) -> Access {
        var access = access
        access.time = time.seconds
        return access
    }
}

extension Durability {
    /// Whether operations of this kind need a durable request record before they are sent, and a durable closing record before the last byte of
    /// the answer.
    func isWriteAhead(for kind: OperationKind) -> Bool {
        switch self {
        case .strict: true
        case .strictExports: kind != .read
        case .bestEffort: false
        }
    }
}

/// What the decision needs beside the target.
struct Question {
    let method: HTTPMethod
    /// Whether `X-Audit-Reason` is set and not empty.
    let hasReason: Bool
    /// The header `region` as received.
    var region: String?
    /// Whether `Authorization` holds the caller's own key or token. In that case the SDKs for Go and Java can't fill in the project that they were
    /// configured with, so that the project in the path is not the caller's choice.
    var showsBearer = false
    let time: Timestamp

    /// Whether a body may follow that names an enterprise project.
    var mayHaveBody: Bool { method != .GET && method != .HEAD }
}

/// The decision, used by requests and by `explain`. `decide` needs the head alone; `conclude` needs the body.
extension Snapshot {
    /// Finds the project and its route, and refuses what would be refused with any body.
    func decide(
        _ operation: Operation, _ received: RequestTarget, _ question: Question, for caller: Caller, _ memory: Memory,
        standing known: TaskStanding? = nil, _ observer: inout some DecisionObserver
    ) throws(Refusal) -> Exchange.Decision {
        var target = received
        let project = try self.project(of: operation, received, question, for: caller, &observer)
        let route = routes[project]
        observer.learn(route: route)
        try RegionHeader.check(question.region, in: route.project)
        if operation.hasProject, route.project.id == Project.unknownID { throw Refusal.projectUnknown(route.project.name) }
        if operation.hasProject { target = target.replacingProject(with: route.project.id) }

        let access = Access(
            operation, project: project, task: known ?? standing(of: target, operation, by: route, caller, memory), time: question.time.seconds
        )
        let decision = Exchange.Decision(
            operation: operation, route: route, target: target, caller: caller, access: access,
            isWriteAhead: durability.isWriteAhead(for: operation.kind)
        )
        decision.access.enterpriseProject = decision.foreseenScope(question)
        do throws(Denial) {
            observer.learn(rule: try authorizer.foresee(caller, decision.access))
        } catch {
            if case .enterpriseProject(let value, _) = error {
                observer.learn(enterpriseProject: Record.EnterpriseProjectID(value: value, injected: target.enterpriseProject == nil))
            }
            throw Refusal(error)
        }
        guard !caller.reasonRequired.contains(operation.kind) || question.hasReason else {
            throw Refusal.reasonRequired(for: operation, caller)
        }
        return decision
    }

    /// The id of the project that a request names, before the decision; nil if it can't be resolved: `decide` then refuses the request.
    func projectIdentifier(of target: RequestTarget, _ operation: Operation, for caller: Caller) -> String? {
        let reference = operation.hasProject ? target.projectReference ?? .placeholder : .placeholder
        let position = try? { () throws(Denial) in try projects.resolve(reference, for: caller) }()
        return position.map { routes[$0].project.id }
    }

    /// The owner of an export, according to this gateway's memory.
    func standing(of name: ExportName, in project: String, _ caller: Caller, _ memory: Memory) -> TaskStanding {
        memory.recall { memories in
            switch name {
            case .task(let id): TaskStanding(memories.tasks.standing(ofTask: id, in: project, for: caller.name))
            case .file(let id): TaskStanding(memories.tasks.standing(ofFile: id, in: project, for: caller.name))
            case .any: memories.tasks.hasOwners(otherThan: caller.name, in: project) ? .others : .unclaimed
            }
        }
    }

    /// Index of the project that the path names.
    private func project(
        of operation: Operation, _ target: RequestTarget, _ question: Question, for caller: Caller, _ observer: inout some DecisionObserver
    ) throws(Refusal) -> Int {
        let reference = operation.hasProject ? target.projectReference ?? .placeholder : .placeholder
        do throws(Denial) {
            if reference == .template, question.showsBearer, caller.projects.count > 1 {
                throw .severalProjects(caller: caller.name, granted: projects.names(of: caller))
            }
            return try projects.resolve(reference, for: caller)
        } catch {
            if case .project(let name, _, _) = error { observer.learn(refusedProject: name) }
            throw Refusal(error)
        }
    }

    /// The owner of the export task that the request names. Only polls and downloads are looked up.
    private func standing(
        of target: RequestTarget, _ operation: Operation, by route: Route, _ caller: Caller, _ memory: Memory
    ) -> TaskStanding {
        guard let names = ExportName.all(in: target, of: operation) else { return .none }
        return names.map { standing(of: $0, in: route.project.id, caller, memory) }.strictest
    }
}

extension Exchange.Decision {
    /// Completes the decision with the enterprise project that the body names, fills in the default enterprise project, and makes the permit.
    func conclude(body: String?, by snapshot: Snapshot, _ observer: inout some DecisionObserver) throws(Refusal) {
        let enterpriseProject = try completeEnterpriseProject(body: body)
        observer.learn(enterpriseProject: enterpriseProject)
        access.enterpriseProject = enterpriseProject.map { .named($0.value) } ?? .none
        do throws(Denial) {
            let permit = try snapshot.authorizer.authorize(caller, access)
            observer.learn(rule: permit.rule)
            self.permit = consume permit
        } catch {
            throw Refusal(error)
        }
    }

    /// The enterprise project, if the head determines it.
    fileprivate func foreseenScope(_ question: Question) -> Access.EnterpriseProjectScope {
        if let query = target.enterpriseProject { return .named(query) }
        if question.mayHaveBody { return .open }
        return operation.takesEnterpriseProject ? .named(defaultEnterpriseProject) : .none
    }
}

extension TaskStanding {
    fileprivate init(_ standing: TaskOwners.Standing) {
        switch standing {
        case .own: self = .own
        case .others: self = .others
        case .unclaimed: self = .unclaimed
        }
    }
}

extension [TaskStanding] {
    /// If a request names several tasks, the most restricted one decides: first another caller's, then an unknown one, then the caller's own.
    fileprivate var strictest: TaskStanding {
        contains(.others) ? .others : contains(.unclaimed) ? .unclaimed : .own
    }
}

extension Refusal {
    fileprivate static func reasonRequired(for operation: Operation, _ caller: Caller) -> Refusal {
        Refusal(
            .reasonRequired, "The caller \(caller.name) has to say why it calls \(operation.name), of kind \(operation.kind.rawValue).",
            hint: "Send the reason in the header X-Audit-Reason, e.g. a ticket's number."
        )
    }
}
