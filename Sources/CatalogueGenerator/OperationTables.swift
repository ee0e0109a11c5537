/// The operations as tables of small numbers and one list of names for each kind of name.
///
/// Lists of different length per operation are stored consecutively; an operation has the index of its first entry
/// and the next operation gives the end, so that every table ends with a row that only terminates the one before.
struct OperationTables {
    /// Means "none" where a number stands for an operation or a branch.
    static let none = Int(UInt16.max)

    static let columns = [
        "method", "kind", "hasProject", "takesEnterpriseProject", "takesRegion", "requestBody", "exportStep",
        "pathParameters", "queryParameters", "secretRequestFields", "secretResponseFields",
    ]

    private(set) var rows: [[Int]] = []
    private(set) var parameterNames = NumberedNames()
    /// Pairs of the name's number and the segment.
    private(set) var pathParameters: [(name: Int, segment: Int)] = []
    private(set) var queryParameters: [(name: Int, repeats: Int)] = []
    private(set) var secretNames = NumberedNames()
    private(set) var secretRequestFields: [(place: Int, name: Int)] = []
    private(set) var secretResponseFields: [Int] = []

    init(_ operations: [DescribedOperation]) {
        for operation in operations {
            rows.append(row(of: operation))
            pathParameters += operation.pathParameters.map { (parameterNames.number(of: $0.name), $0.segment) }
            queryParameters += operation.queryParameters.map { (parameterNames.number(of: $0.name), $0.repeats ? 1 : 0) }
            secretRequestFields += operation.secretRequestFields.map {
                (Self.number(of: $0.place, in: DescribedOperation.Vocabulary.secretPlaces), secretNames.number(of: $0.name))
            }
            secretResponseFields += operation.secretResponseFields.map { secretNames.number(of: $0) }
        }
        rows.append(Array(repeating: 0, count: Self.columns.count - 4) + positions)
    }

    private func row(of operation: DescribedOperation) -> [Int] {
        [
            Self.number(of: operation.method, in: DescribedOperation.Vocabulary.methods),
            Self.number(of: operation.kind, in: DescribedOperation.Vocabulary.kinds),
            operation.hasProject ? 1 : 0,
            operation.takesEnterpriseProject ? 1 : 0,
            operation.takesRegion ? 1 : 0,
            Self.number(of: operation.requestBody, in: DescribedOperation.Vocabulary.requestBodies),
            Self.number(of: operation.exportStep, in: DescribedOperation.Vocabulary.exportSteps),
        ] + positions
    }

    private var positions: [Int] {
        [pathParameters.count, queryParameters.count, secretRequestFields.count, secretResponseFields.count]
    }

    private static func number(of word: String, in vocabulary: [String]) -> Int {
        guard let number = vocabulary.firstIndex(of: word) else { preconditionFailure("\(word) was checked when the document was read") }
        return number
    }
}
