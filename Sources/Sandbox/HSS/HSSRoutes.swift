import Catalogue

/// The routes of all operations in the catalogue.
enum HSSRoutes {
    /// A tree over the whole catalogue.
    static func tree() -> RouteTree<HSSRoute> {
        var tree = RouteTree<HSSRoute>()
        for operation in Operation.allCases {
            tree.insert(method: operation.method.rawValue, template: operation.template, value: HSSRoute(operation))
        }
        return tree
    }
}

extension HSSRoute {
    fileprivate init(_ operation: Operation) {
        self.init(
            operation: operation.name, method: operation.method.rawValue, changesState: operation.kind == .write,
            takesEnterpriseProject: operation.takesEnterpriseProject,
            answer: HSSRoute.answer(to: operation.name, createsTask: operation.exportStep == .create))
    }
}
