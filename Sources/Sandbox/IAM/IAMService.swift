/// The second listener: IAM, STS, the ECS metadata service, and the sandbox's controls under `/sandbox/`.
struct IAMService: Sendable {
    private enum Route: Sendable {
        case identity(IAMRoute)
        case control(ControlRoute)
    }

    private let parts: SandboxParts
    private let routes: RouteTree<Route>

    /// The services over some state.
    init(parts: SandboxParts) {
        self.parts = parts
        var routes = RouteTree<Route>()
        for route in IAMRoute.allCases {
            routes.insert(method: route.pattern.method, template: route.pattern.template, value: .identity(route))
        }
        for route in ControlRoute.allCases {
            routes.insert(method: route.pattern.method, template: route.pattern.template, value: .control(route))
        }
        self.routes = routes
    }

    /// Finds the route of a request. IAM has no common authentication: each route requires its own proof.
    func admit(_ context: RequestContext) -> Admission {
        switch routes.match(method: context.request.method, path: context.request.path) {
        case .unknown, .otherMethod:
            let error = CloudError.unknownRoute
            let response = context.response(error)
            return Admission(operation: nil, verdict: "\(error.code): \(error.message)") { _ in response }
        case .found(.identity(let route), _):
            let call = IAMCall(parts: parts, context: context)
            return Admission(operation: nil, verdict: Admission.accepted) { _ in call.answer(route) }
        case .found(.control(let route), _):
            let call = ControlCall(parts: parts, request: context.request)
            return Admission(operation: nil, verdict: Admission.accepted, isObserved: false) { _ in call.answer(route) }
        }
    }
}
