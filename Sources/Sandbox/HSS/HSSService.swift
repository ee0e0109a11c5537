/// HSS with its API gateway: size, route, caller, project, flow control, then the operation (emulator notes, section 1).
struct HSSService: Sendable {
    /// The longest request target: 32 KB.
    static let longestTarget = 32 * 1_024
    /// The longest header line and the longest block of them: 32 KB and 128 KB.
    static let longestHeader = 32 * 1_024
    static let longestHeaderBlock = 128 * 1_024

    private let parts: SandboxParts
    private let routes: RouteTree<HSSRoute>

    /// The service over some state.
    init(parts: SandboxParts) {
        self.parts = parts
        routes = HSSRoutes.tree()
    }

    /// Checks a request.
    func admit(_ context: RequestContext) -> Admission {
        if let error = Self.sizeError(context.request) { return refuse(context, error) }
        let route: HSSRoute
        let parameters: [String: String]
        switch routes.match(method: context.request.method, path: context.request.path) {
        case .unknown: return refuse(context, .unknownRoute)
        case .otherMethod: return refuse(context, .otherMethod)
        case .found(let found, let values): (route, parameters) = (found, values)
        }
        let principal: Principal
        do throws(AuthenticationGate.Refusal) {
            principal = try parts.gate.authenticate(context.request, now: context.now)
        } catch {
            return refuse(context, error.error, operation: route.operation, note: error.note)
        }
        let project = parameters["project_id"] ?? context.request.header("X-Project-Id")
        guard let projectID = permitted(project, inPath: parameters["project_id"] != nil, principal, context.request) else {
            return refuse(context, projectMismatch(context), operation: route.operation)
        }
        let account = parts.configuration.accounts[principal.account]
        if let refusal = parts.throttle.admit(
            operation: route.operation, user: account.userID, address: context.request.origin.remoteHost, now: context.now)
        {
            return refuse(context, .throttled(refusal), operation: route.operation)
        }
        let call = HSSCall(
            parts: parts, context: context, route: route, parameters: parameters, principal: principal, projectID: projectID)
        return Admission(operation: route.operation, verdict: Admission.accepted, notes: call.notes) { call.answer(failsTask: $0) }
    }

    private func refuse(
        _ context: RequestContext, _ error: CloudError, operation: String? = nil, note: LedgerNote? = nil
    ) -> Admission {
        let response = context.response(error)
        let notes = note.map { [$0] } ?? []
        return Admission(operation: operation, verdict: "\(error.code): \(error.message)", notes: notes) { _ in response }
    }

    private func projectMismatch(_ context: RequestContext) -> CloudError {
        switch parts.configuration.projectMismatch {
        case .projectUnavailable: .projectUnavailable
        case .accessDenied: .accessDenied(context.language(parts.configuration))
        }
    }

    /// The project that a caller uses, or nil when it isn't the caller's. A path without one needs no
    /// `X-Project-Id`.
    private func permitted(
        _ project: String?, inPath: Bool, _ principal: Principal, _ request: SandboxRequest
    ) -> String? {
        let account = parts.configuration.accounts[principal.account]
        guard let project else { return account.projects.first?.id ?? "" }
        guard account.projects.contains(where: { $0.id == project }) else { return nil }
        if inPath, let header = request.header("X-Project-Id"), header != project { return nil }
        switch principal.scope {
        case .account: return project
        case .project(let id): return id == project ? project : nil
        case .domain, .unscoped: return nil
        }
    }

    private static func sizeError(_ request: SandboxRequest) -> CloudError? {
        if request.bodyLength > SandboxRequest.largestBody { return .bodyTooLarge }
        if request.target.utf8.count > longestTarget { return .targetTooLarge }
        let lengths = request.headers.map { $0.name.utf8.count + $0.value.utf8.count }
        let isTooLong = lengths.contains { $0 > longestHeader } || lengths.reduce(0, +) > longestHeaderBlock
        return isTooLong ? .headersTooLarge : nil
    }
}
